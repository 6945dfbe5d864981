#include "gateway/kinesis/warm_throughput.h"

#include <charconv>

#include "gateway/kinesis/actions/reshard.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

std::optional<std::int32_t> warm_target(const stream::Attributes& attributes) {
  const auto found = attributes.find(kWarmAttribute);
  if (found == attributes.end()) return std::nullopt;
  std::int32_t target = 0;
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), target);
  return target;
}

std::optional<wire::kinesis::WarmThroughput> warm_shape(const stream::Stream& stream) {
  const auto target = warm_target(stream.attributes);
  if (!target || stream.mode != stream::StreamMode::on_demand) return std::nullopt;
  wire::kinesis::WarmThroughput shape;
  shape.target_mibps = *target;
  shape.current_mibps = static_cast<std::int32_t>(stream.open_shards.size());
  return shape;
}

std::optional<Fault> refuse_warm(const Call& call, std::int32_t target, std::uint64_t open) {
  if (target > kWarmMax)
    return Fault{ErrorType::limit_exceeded, "WarmThroughputMiBps " + std::to_string(target) +
                                                " is more than one stream can have, which is " +
                                                std::to_string(kWarmMax) + "."};
  const auto wanted = static_cast<std::uint64_t>(target);
  return check_shard_quota(call, wanted > open ? wanted - open : 0);
}

Task<StreamOrFault> warm_up(const Call& call, stream::StreamPtr stream) {
  const auto target = static_cast<std::size_t>(warm_target(stream->attributes).value_or(0));
  if (stream->mode != stream::StreamMode::on_demand || stream->open_shards.size() >= target) co_return stream;
  const auto shards = static_cast<std::uint32_t>(target);
  auto scaled = co_await call.services.streams.scale(stream, shards);
  if (!scaled) co_return reshard_fault(call, *stream, scaled.error());
  co_return *scaled;
}

}  // namespace forebay::gateway::kinesis
