// RegisterStreamConsumer: the consumer is CREATING while its entry is on the way to the journal, and ACTIVE once the
// call is answered; the answer says CREATING as the service's does. At most 20 per stream.
#include "wire/kinesis/shapes/register_stream_consumer.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/consumer_lookup.h"
#include "gateway/kinesis/error_reply.h"
#include "gateway/kinesis/sequence.h"
#include "gateway/kinesis/stream_lookup.h"
#include "gateway/kinesis/tags.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;
using wire::kinesis::RegisterStreamConsumerRequest;
using wire::kinesis::RegisterStreamConsumerResponse;

namespace {
Fault refusal(const Call& call, const stream::Stream& stream, const std::string& name,
              PendingConsumers::Refusal reason) {
  switch (reason) {
    case PendingConsumers::Refusal::exists:
      return {ErrorType::resource_in_use, "Consumer " + name + " under stream " + stream.name +
                                              " already exists for account " + call.account + "."};
    case PendingConsumers::Refusal::too_many_creating:
      return {ErrorType::limit_exceeded, "Account " + call.account + " already has " +
                                             std::to_string(kConsumersCreatingMax) + " consumers in CREATING status."};
    case PendingConsumers::Refusal::too_many: break;
  }
  return {ErrorType::limit_exceeded, "Stream " + stream.name + " under account " + call.account + " already has " +
                                         std::to_string(kConsumersMax) + " registered consumers, which is the limit."};
}
}  // namespace

Task<Reply> register_stream_consumer(Call& call) {
  auto decoded = decode_call<RegisterStreamConsumerRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<RegisterStreamConsumerRequest>(decoded);
  auto found = find_stream(call, std::nullopt, request.stream_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const stream::StreamPtr stream = std::get<stream::StreamPtr>(found);

  RegisteredConsumer consumer;
  consumer.name = *request.consumer_name;
  consumer.created = from_millis(epoch_seconds(call.services.clock.wall_now()) * 1000);
  auto place = call.services.fan_out->pending.begin(call.services.streams, stream, consumer);
  if (auto* reason = std::get_if<PendingConsumers::Refusal>(&place))
    co_return refusal(call, *stream, consumer.name, *reason);
  auto tags = adding_tags(call, stream->name, stream->attributes, consumer_tags(consumer.name),
                          request.tags.value_or(wire::kinesis::StringMap()));
  if (auto* fault = std::get_if<Fault>(&tags)) co_return std::move(*fault);
  auto changes = std::get<std::vector<stream::AttributeChange>>(std::move(tags));
  changes.push_back({consumer_key(consumer.name), std::to_string(epoch_seconds(consumer.created))});
  auto changed = co_await call.services.streams.set_attributes(stream, std::move(changes));
  if (!changed && changed.error().code == Errc::not_found) co_return no_such_stream(call, stream->name);
  if (!changed) co_return fault_of(changed.error());
  RegisterStreamConsumerResponse response;
  consumer.creating = true;
  response.consumer = consumer_shape(call, *stream, consumer);
  co_return encode_answer(call, response);
}

}  // namespace forebay::gateway::kinesis
