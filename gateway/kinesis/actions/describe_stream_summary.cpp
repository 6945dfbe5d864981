// DescribeStreamSummary: the stream without its shards.
#include "wire/kinesis/shapes/describe_stream_summary.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/describe.h"
#include "gateway/kinesis/stream_lookup.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::DescribeStreamSummaryRequest;
using wire::kinesis::DescribeStreamSummaryResponse;
using wire::kinesis::Fault;

Task<Reply> describe_stream_summary(Call& call) {
  auto decoded = decode_call<DescribeStreamSummaryRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<DescribeStreamSummaryRequest>(decoded);
  auto found = find_stream(call, request.stream_name, request.stream_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  DescribeStreamSummaryResponse response;
  response.stream_description_summary = summary_shape(call, *std::get<stream::StreamPtr>(found));
  co_return encode_answer(call, response);
}

}  // namespace forebay::gateway::kinesis
