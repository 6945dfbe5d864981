// DescribeLimits: the shard quota of this gateway and what is used of it.
#include "wire/kinesis/shapes/describe_limits.h"

#include <algorithm>
#include <limits>

#include "gateway/kinesis/access.h"
#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/call_codec.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::DescribeLimitsRequest;
using wire::kinesis::DescribeLimitsResponse;
using wire::kinesis::Fault;

namespace {
constexpr std::uint64_t kReportedMax = 1'000'000;
constexpr std::int32_t kOnDemandStreamLimit = 50;

std::int32_t on_demand_streams(const Call& call) {
  std::int32_t count = 0;
  std::string after;
  for (;;) {
    const auto page = call.services.streams.list(call.account, after, 1000);
    for (const auto& stream : page) count += stream->mode == stream::StreamMode::on_demand ? 1 : 0;
    if (page.size() < 1000) return count;
    after = page.back()->name;
  }
}
}  // namespace

Task<Reply> describe_limits(Call& call) {
  auto decoded = decode_call<DescribeLimitsRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  if (auto fault = refuse_resource(call, "*")) co_return *std::move(fault);
  DescribeLimitsResponse response;
  response.shard_limit = static_cast<std::int32_t>(std::min(call.services.shard_limit, kReportedMax));
  response.open_shard_count =
      static_cast<std::int32_t>(std::min(call.services.streams.open_shard_count(call.account), kReportedMax));
  response.on_demand_stream_count = on_demand_streams(call);
  response.on_demand_stream_count_limit = std::max(kOnDemandStreamLimit, response.on_demand_stream_count);
  co_return encode_answer(call, response);
}

}  // namespace forebay::gateway::kinesis
