// SubscribeToShard: the answer is an event stream (subscription.h); what is wrong with the request is answered before
// it begins. JSON only, as the service: CBOR gives InternalFailure. One subscription per consumer and shard.
#include "wire/kinesis/shapes/subscribe_to_shard.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/put_common.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/consumer_lookup.h"
#include "gateway/kinesis/sequence.h"
#include "gateway/kinesis/starting_position.h"
#include "gateway/kinesis/subscription.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;
using wire::kinesis::SubscribeToShardRequest;

Task<Reply> subscribe_to_shard(Call& call) {
  auto decoded = decode_call<SubscribeToShardRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<SubscribeToShardRequest>(decoded);
  auto found = find_consumer(call, *request.consumer_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const FoundConsumer& consumer = std::get<FoundConsumer>(found);
  if (consumer.consumer.creating) co_return consumer_not_active(call, consumer);
  auto found_shard = find_shard(call, *consumer.stream, *request.shard_id);
  if (auto* fault = std::get_if<Fault>(&found_shard)) co_return std::move(*fault);
  const auto shard = std::get<std::shared_ptr<const stream::Shard>>(found_shard);

  ShardPlace position;
  position.type = *request.starting_position->type;
  position.sequence_number = request.starting_position->sequence_number;
  position.timestamp = request.starting_position->timestamp;
  if (auto fault = check_place(call, position)) co_return *std::move(fault);
  auto offset = co_await offset_of_place(call, consumer.stream, shard, std::move(position));
  if (auto* fault = std::get_if<Fault>(&offset)) co_return std::move(*fault);
  if (request.dry_run.value_or(false)) co_return dry_run_fault();

  SubscriptionKey key;
  key.stream = consumer.stream->id;
  key.shard = shard->number;
  key.consumer = consumer.consumer.name;
  key.consumer_created_s = epoch_seconds(consumer.consumer.created);
  auto place = call.services.fan_out->subscriptions.take(std::move(key), call.services.clock.steady_now());
  if (!place) co_return Subscription::in_use(call, consumer, *shard);
  co_return std::make_unique<Subscription>(call, consumer, shard, std::get<stream::Offset>(offset), *std::move(place));
}

}  // namespace forebay::gateway::kinesis
