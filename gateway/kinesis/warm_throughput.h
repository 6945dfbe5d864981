#pragma once

#include <cstdint>
#include <optional>

#include "gateway/kinesis/stream_lookup.h"
#include "wire/kinesis/shapes/stream_description.h"

/// Warm throughput of on-demand streams: attribute "warm_mibps". One shard stands for 1 MiB/s; a stream is scaled up to
/// as many shards at once and does not fall below them.
namespace forebay::gateway::kinesis {

inline constexpr std::string_view kWarmAttribute = "warm_mibps";
inline constexpr std::int32_t kWarmMax = 10'000;  ///< as many shards as one stream can have

std::optional<std::int32_t> warm_target(const stream::Attributes& attributes);
/// None: the stream was never given any.
std::optional<wire::kinesis::WarmThroughput> warm_shape(const stream::Stream& stream);
/// Fault  LimitExceededException: more shards than the account or a stream may have. `open`: shards it has.
std::optional<wire::kinesis::Fault> refuse_warm(const Call& call, std::int32_t target, std::uint64_t open);
/// Gives the stream as many shards as its target wants, if it has fewer.
Task<StreamOrFault> warm_up(const Call& call, stream::StreamPtr stream);

}  // namespace forebay::gateway::kinesis
