#pragma once

#include <compare>
#include <cstdint>

#include "base/strong_type.h"

namespace forebay::gateway::log {

/// Index of a record in a shard log, from 0, without gaps within a timeline.
using Offset = StrongType<std::int64_t, struct OffsetTag>;
/// Number of a stream on disk and on the wire (its incarnation): rising, never reused.
using StreamId = StrongType<std::uint64_t, struct StreamIdTag>;
/// Number of a shard within its stream: rising, never reused.
using ShardNumber = StrongType<std::uint32_t, struct ShardNumberTag>;

/// One shard of the whole gateway.
struct ShardId {
  StreamId stream;
  ShardNumber shard;
  friend auto operator<=>(const ShardId&, const ShardId&) = default;
};

inline Offset operator+(Offset offset, std::int64_t records) { return Offset(offset.value() + records); }

}  // namespace forebay::gateway::log
