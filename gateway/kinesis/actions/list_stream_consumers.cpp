// ListStreamConsumers: by name, pages of up to 100 by NextToken (300 s).
#include "wire/kinesis/shapes/list_stream_consumers.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/consumer_lookup.h"
#include "gateway/kinesis/page_token.h"
#include "gateway/kinesis/sequence.h"
#include "gateway/kinesis/stream_lookup.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;
using wire::kinesis::ListStreamConsumersRequest;
using wire::kinesis::ListStreamConsumersResponse;

namespace {
constexpr std::size_t kPageMax = 100;

std::string token_of(const Call& call, const stream::Stream& stream, const std::string& after) {
  Buffer content;
  ByteWriter writer(content);
  writer.u64_be(stream.id.value());
  writer.text(after);
  return seal_page(call, TokenSealer::Kind::consumers_page, content);
}

/// The name after which the page begins.
std::variant<std::string, Fault> place_of(const Call& call, const stream::Stream& stream, std::string_view token) {
  auto opened = open_page(call, TokenSealer::Kind::consumers_page, token);
  if (auto* fault = std::get_if<Fault>(&opened)) return std::move(*fault);
  ByteReader reader(std::get<Buffer>(opened));
  if (stream::StreamId(reader.u64_be()) != stream.id) return invalid_next_token();
  return std::string(as_text(reader.rest()));
}
}  // namespace

Task<Reply> list_stream_consumers(Call& call) {
  auto decoded = decode_call<ListStreamConsumersRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<ListStreamConsumersRequest>(decoded);
  if (request.next_token && request.stream_creation_timestamp)
    co_return Fault{ErrorType::invalid_argument, "NextToken and StreamCreationTimestamp cannot be provided together."};
  auto found = find_stream(call, std::nullopt, request.stream_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const stream::StreamPtr stream = std::get<stream::StreamPtr>(found);
  if (request.stream_creation_timestamp &&
      epoch_seconds(*request.stream_creation_timestamp) != epoch_seconds(stream->created))
    co_return no_such_stream(call, stream->name);
  std::string after;
  if (request.next_token) {
    auto opened = place_of(call, *stream, *request.next_token);
    if (auto* fault = std::get_if<Fault>(&opened)) co_return std::move(*fault);
    after = std::get<std::string>(std::move(opened));
  }

  const std::size_t limit =
      std::min<std::size_t>(kPageMax, static_cast<std::size_t>(request.max_results.value_or(kPageMax)));
  ListStreamConsumersResponse response;
  for (const RegisteredConsumer& consumer : all_consumers(call, *stream)) {
    if (consumer.name <= after) continue;
    if (response.consumers.size() == limit) {
      response.next_token = token_of(call, *stream, response.consumers.back().consumer_name);
      break;
    }
    response.consumers.push_back(consumer_shape(call, *stream, consumer));
  }
  co_return encode_answer(call, response);
}

}  // namespace forebay::gateway::kinesis
