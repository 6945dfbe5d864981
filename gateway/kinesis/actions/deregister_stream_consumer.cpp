// DeregisterStreamConsumer: the consumer is gone when the call returns; its subscriptions end within a second.
#include "wire/kinesis/shapes/deregister_stream_consumer.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/consumer_lookup.h"
#include "gateway/kinesis/error_reply.h"
#include "gateway/kinesis/stream_lookup.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::DeregisterStreamConsumerRequest;
using wire::kinesis::Fault;

Task<Reply> deregister_stream_consumer(Call& call) {
  auto decoded = decode_call<DeregisterStreamConsumerRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<DeregisterStreamConsumerRequest>(decoded);
  auto found = find_consumer(call, request.stream_arn, request.consumer_name, request.consumer_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const FoundConsumer& consumer = std::get<FoundConsumer>(found);
  if (consumer.consumer.creating) co_return consumer_not_active(call, consumer);
  const stream::StreamPtr stream = consumer.stream;
  auto changed = co_await call.services.streams.set_attributes(stream, removal_of(*stream, consumer.consumer.name));
  if (changed) co_return std::string();
  if (changed.error().code == Errc::not_found) co_return no_such_stream(call, stream->name);
  co_return fault_of(changed.error());
}

}  // namespace forebay::gateway::kinesis
