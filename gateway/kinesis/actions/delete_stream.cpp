// DeleteStream: the stream, its records and its settings are gone when the call returns; with registered consumers only
// when EnforceConsumerDeletion says so.
#include "wire/kinesis/shapes/delete_stream.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/consumer.h"
#include "gateway/kinesis/error_reply.h"
#include "gateway/kinesis/stream_lookup.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::DeleteStreamRequest;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

Task<Reply> delete_stream(Call& call) {
  auto decoded = decode_call<DeleteStreamRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<DeleteStreamRequest>(decoded);
  auto found = find_stream(call, request.stream_name, request.stream_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const stream::StreamPtr stream = std::get<stream::StreamPtr>(found);
  const std::size_t consumers = consumers_of(*stream).size();
  if (consumers > 0 && !request.enforce_consumer_deletion.value_or(false))
    co_return Fault{ErrorType::resource_in_use, "Stream " + stream->name + " under account " + call.account + " has " +
                                                    std::to_string(consumers) +
                                                    " registered consumers. Deregister them, "
                                                    "or delete it with EnforceConsumerDeletion."};
  auto removed = co_await call.services.streams.remove(stream);
  if (removed) co_return std::string();
  if (removed.error().code == Errc::not_found) co_return no_such_stream(call, stream->name);
  co_return fault_of(removed.error());
}

}  // namespace forebay::gateway::kinesis
