#pragma once

#include <map>

#include "gateway/delivery/engine/lane.h"

namespace forebay::gateway::delivery {

/// Records that nobody can read any more: [from, to).
struct LostRange {
  stream::Offset from;
  stream::Offset to;
  std::string reason;
};

/// What one read of a shard gave: exactly one of the members.
struct LaneRead {
  std::optional<stream::ReadResult> page;
  std::optional<LostRange> lost;
  std::optional<Error> error;  ///< try again later
  bool gone = false;           ///< the stream was deleted
};

/// Reads the lane's shard at `from`, which lies below its end.
Task<LaneRead> read_lane(std::shared_ptr<Lane> lane, stream::Offset from);

/// Waits until bytes that were read may be used, or the lane has to leave. Nothing without a rate.
Task<void> keep_rate(std::shared_ptr<Lane> lane, std::uint64_t bytes);

/// Walks the records of a page that lie in [from, until). The visitor returns false to stop behind the record it got.
/// `marks` gets the upload lanes of batches whose last record was visited. With it an uploaded batch is visited whole
/// even when the visitor wants to stop: an upload is then in one cut, and its mark says all of it.
/// Batches that `delivered` covers are passed over as if they had been visited.
/// Result  the offset behind the last record visited; `from` when there was none. Errors  corrupt.
/// Threads  any: it may take a while.
Result<stream::Offset> visit_records(const stream::ReadResult& page, stream::Offset from, stream::Offset until,
                                     const std::function<bool(const DeliveryRecord&)>& visitor, LaneMarks* marks,
                                     const LaneMarks* delivered = nullptr);

}  // namespace forebay::gateway::delivery
