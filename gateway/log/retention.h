#pragma once

#include <vector>

#include "gateway/log/directory.h"

namespace forebay::gateway::log {

/// Where a shard should begin from now on.
struct NewStart {
  std::size_t shard = 0;  ///< index into the stream's views
  Offset start;
};

/// Decides which closed segments of a stream have expired by age and by bytes. Pure; whole segments only, oldest first,
/// and none that reaches past its shard's hold.
/// `now` is the time retention trusts.
std::vector<NewStart> expired(const StreamLog& stream, WallTime now);

/// Closed shards that hold nothing any more and ended before the stream's retention: they are not listed any longer.
/// A child never goes before its parents.
std::vector<ShardNumber> expired_shards(const StreamLog& stream, WallTime now);

/// True when everything in the shard's active segment has expired, so that it should be rolled to let it go.
bool active_has_expired(const ShardView& view, std::int32_t retention_hours, WallTime now);

}  // namespace forebay::gateway::log
