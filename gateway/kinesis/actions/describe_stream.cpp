// DescribeStream: the stream with its shards, at most 100 per page whatever Limit says.
#include "wire/kinesis/shapes/describe_stream.h"

#include <algorithm>

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/describe.h"
#include "gateway/kinesis/stream_lookup.h"
#include "wire/kinesis/shard_id.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::DescribeStreamRequest;
using wire::kinesis::DescribeStreamResponse;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
constexpr std::size_t kPageMax = 100;

void fill(const Call& call, const stream::Stream& stream, wire::kinesis::StreamDescription& out) {
  const wire::kinesis::StreamDescriptionSummary summary = summary_shape(call, stream);
  out.stream_name = summary.stream_name;
  out.stream_arn = summary.stream_arn;
  out.stream_status = summary.stream_status;
  out.stream_mode_details = summary.stream_mode_details;
  out.retention_period_hours = summary.retention_period_hours;
  out.stream_creation_timestamp = summary.stream_creation_timestamp;
  out.enhanced_monitoring = summary.enhanced_monitoring;
  out.encryption_type = summary.encryption_type;
  out.key_id = summary.key_id;
}
}  // namespace

Task<Reply> describe_stream(Call& call) {
  auto decoded = decode_call<DescribeStreamRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<DescribeStreamRequest>(decoded);
  auto found = find_stream(call, request.stream_name, request.stream_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const stream::Stream& stream = *std::get<stream::StreamPtr>(found);

  std::int64_t after = -1;
  if (request.exclusive_start_shard_id) {
    const auto number = wire::kinesis::parse_shard_id(*request.exclusive_start_shard_id);
    if (!number)
      co_return Fault{ErrorType::resource_not_found, "Could not find shard " + *request.exclusive_start_shard_id + " " +
                                                         in_stream(call, stream.name) + "."};
    after = *number;
  }
  const std::size_t limit = std::min<std::size_t>(kPageMax, static_cast<std::size_t>(request.limit.value_or(kPageMax)));
  DescribeStreamResponse response;
  fill(call, stream, response.stream_description);
  for (const auto& shard : stream.shards) {
    if (static_cast<std::int64_t>(shard->number.value()) <= after) continue;
    if (response.stream_description.shards.size() == limit) {
      response.stream_description.has_more_shards = true;
      break;
    }
    response.stream_description.shards.push_back(shard_shape(*shard));
  }
  co_return encode_answer(call, response);
}

}  // namespace forebay::gateway::kinesis
