// UpdateShardCount, UNIFORM_SCALING: at most double, at least half, ten times per 24 hours and stream. All splits and
// merges are one journal entry: the count is reached and durable when the call returns.
#include "wire/kinesis/shapes/update_shard_count.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/reshard.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/daily_quota.h"
#include "gateway/kinesis/describe.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;
using wire::kinesis::UpdateShardCountRequest;
using wire::kinesis::UpdateShardCountResponse;

namespace {
constexpr std::uint64_t kShardsPerStreamMax = 10'000;

Fault out_of_bounds(std::string_view problem, std::uint64_t open, std::uint64_t target) {
  return {ErrorType::limit_exceeded, "UpdateShardCount cannot scale " + std::string(problem) +
                                         " Current open shard count: " + std::to_string(open) +
                                         " Target shard count: " + std::to_string(target)};
}

std::optional<Fault> check_target(const Call& call, std::uint64_t open, std::uint64_t target) {
  if (target > kShardsPerStreamMax)
    return out_of_bounds("a stream to more than " + std::to_string(kShardsPerStreamMax) + " shards.", open, target);
  if (target > open * 2) return out_of_bounds("up over double your current open shard count.", open, target);
  if (target * 2 < open) return out_of_bounds("down below half your current open shard count.", open, target);
  return check_shard_quota(call, target > open ? target - open : 0);
}

Fault too_often(const Call& call, const stream::Stream& stream) {
  return {ErrorType::limit_exceeded, "UpdateShardCount was called " + std::to_string(kScalings.calls) +
                                         " times in the last 24 hours on stream " + stream.name + " under account " +
                                         call.account + ", which is the limit. SplitShard and MergeShards have none."};
}
}  // namespace

Task<Reply> update_shard_count(Call& call) {
  auto decoded = decode_call<UpdateShardCountRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<UpdateShardCountRequest>(decoded);
  auto found = find_reshardable(call, request.stream_name, request.stream_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const stream::StreamPtr stream = std::get<stream::StreamPtr>(found);
  const auto target = static_cast<std::uint32_t>(*request.target_shard_count);
  if (auto fault = check_target(call, stream->open_shards.size(), target)) co_return *std::move(fault);

  auto counted = count_call(*stream, kScalings, call.services.clock.wall_now());
  if (!counted) co_return too_often(call, *stream);
  std::vector<stream::AttributeChange> record;
  record.push_back(*std::move(counted));
  auto scaled = co_await call.services.streams.scale(stream, target, std::move(record));
  if (!scaled) co_return reshard_fault(call, *stream, scaled.error());
  UpdateShardCountResponse response;
  response.stream_name = stream->name;
  response.current_shard_count = static_cast<std::int32_t>(stream->open_shards.size());
  response.target_shard_count = static_cast<std::int32_t>(target);
  response.stream_arn = arn_of(call, stream->name);
  co_return encode_answer(call, response);
}

}  // namespace forebay::gateway::kinesis
