#include "gateway/stream/shard_route.h"

#include <algorithm>

namespace forebay::gateway::stream {

void ShardRoute::follow(const Stream& stream) {
  if (known_ && stream_ == stream.id && map_version_ == stream.map_version) return;
  FB_ASSERT(!stream.open_shards.empty());
  known_ = true;
  stream_ = stream.id;
  map_version_ = stream.map_version;
  starts_.clear();
  for (const auto& shard : stream.open_shards) starts_.push_back(shard->range.start);
}

std::size_t ShardRoute::index_for(HashKey key) const {
  const std::size_t count = starts_.size();
  // The upper half of the key is enough to guess by.
  const auto guess = static_cast<std::size_t>((key.high >> 32) * count >> 32);
  if (starts_[guess] <= key && (guess + 1 == count || key < starts_[guess + 1])) return guess;
  const auto above = std::upper_bound(starts_.begin(), starts_.end(), key);
  return static_cast<std::size_t>(above - starts_.begin()) - (above == starts_.begin() ? 0 : 1);
}

}  // namespace forebay::gateway::stream
