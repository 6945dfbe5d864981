// ListStreams: names in order, at most 100 per page; pages by ExclusiveStartStreamName or NextToken (300 s).
#include "wire/kinesis/shapes/list_streams.h"

#include <algorithm>

#include "gateway/kinesis/access.h"
#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/describe.h"
#include "gateway/kinesis/page_token.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;
using wire::kinesis::ListStreamsRequest;
using wire::kinesis::ListStreamsResponse;

namespace {
constexpr std::size_t kPageMax = 100;

std::variant<std::string, Fault> start_of(const Call& call, const ListStreamsRequest& request) {
  if (!request.next_token) return request.exclusive_start_stream_name.value_or("");
  if (request.exclusive_start_stream_name)
    return Fault{ErrorType::invalid_argument, "NextToken and ExclusiveStartStreamName cannot be provided together."};
  auto opened = open_page(call, TokenSealer::Kind::streams_page, *request.next_token);
  if (auto* fault = std::get_if<Fault>(&opened)) return std::move(*fault);
  return std::string(as_text(std::get<Buffer>(opened)));
}
}  // namespace

Task<Reply> list_streams(Call& call) {
  auto decoded = decode_call<ListStreamsRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<ListStreamsRequest>(decoded);
  if (auto fault = refuse_resource(call, "*")) co_return *std::move(fault);
  auto start = start_of(call, request);
  if (auto* fault = std::get_if<Fault>(&start)) co_return std::move(*fault);

  const std::size_t limit = std::min<std::size_t>(kPageMax, static_cast<std::size_t>(request.limit.value_or(kPageMax)));
  const auto page = call.services.streams.list(call.account, std::get<std::string>(start), limit + 1);
  ListStreamsResponse response;
  response.has_more_streams = page.size() > limit;
  for (std::size_t i = 0; i < std::min(page.size(), limit); ++i) {
    response.stream_names.push_back(page[i]->name);
    response.stream_summaries.push_back(list_entry_shape(call, *page[i]));
  }
  if (response.has_more_streams)
    response.next_token = seal_page(call, TokenSealer::Kind::streams_page, as_bytes(response.stream_names.back()));
  co_return encode_answer(call, response);
}

}  // namespace forebay::gateway::kinesis
