#pragma once

#include <optional>

#include "base/result.h"
#include "spool/spool.h"

namespace forebay::agent {

/// A lane whose records are appended anew under this run's lineage (rule A3) is a source of its own: the position
/// "everything up to this sequence was moved" is durable with the records, so that a crash on the way moves none twice.
struct MovedLane {
  spool::LaneId lane;
  std::uint64_t through = 0;
};

/// Empty when the source is of another kind or the position does not decode.
std::optional<MovedLane> parse_moved_lane(std::string_view source, ByteView position);

/// The records of the batch from sequence `from` on, with the position that covers them.
/// Errors  corrupt: the records do not decode.
Result<spool::RecordChunk> moved_chunk(const spool::SealedBatch& batch, std::uint64_t from);

}  // namespace forebay::agent
