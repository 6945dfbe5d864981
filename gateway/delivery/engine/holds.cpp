#include "gateway/delivery/engine/holds.h"

#include <algorithm>

namespace forebay::gateway::delivery {

void Holds::apply(const ShardHold& hold) {
  stream::Offset lowest(INT64_MAX);
  for (const auto& [lane, offset] : hold.lanes) lowest = std::min(lowest, offset);
  hold.shard->hold_from(lowest);
}

void Holds::set(const LaneKey& lane, const std::shared_ptr<const stream::Shard>& shard, stream::Offset first_kept) {
  if (!enabled_) return;
  const std::scoped_lock lock(mutex_);
  ShardHold& hold = shards_[{lane.stream, lane.shard}];
  hold.shard = shard;
  hold.lanes[lane] = first_kept;
  apply(hold);
}

void Holds::release(const LaneKey& lane) {
  const std::scoped_lock lock(mutex_);
  const auto found = shards_.find({lane.stream, lane.shard});
  if (found == shards_.end() || found->second.lanes.erase(lane) == 0) return;
  apply(found->second);
  if (found->second.lanes.empty()) shards_.erase(found);
}

}  // namespace forebay::gateway::delivery
