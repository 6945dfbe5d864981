#include "gateway/stream/stream_service.h"

#include <algorithm>

namespace forebay::gateway::stream {

std::size_t Stream::open_index_for(HashKey key) const {
  FB_ASSERT(!open_shards.empty());
  const auto above = std::upper_bound(open_shards.begin(), open_shards.end(), key,
                                      [](HashKey wanted, const auto& shard) { return wanted < shard->range.start; });
  return static_cast<std::size_t>(above - open_shards.begin()) - (above == open_shards.begin() ? 0 : 1);
}

const std::shared_ptr<const Shard>& Stream::shard_for(HashKey key) const { return open_shards[open_index_for(key)]; }

std::shared_ptr<const Shard> Stream::shard(ShardNumber number) const {
  const auto found =
      std::lower_bound(shards.begin(), shards.end(), number,
                       [](const auto& shard, ShardNumber wanted) { return shard->number < wanted; });
  if (found == shards.end() || (*found)->number != number) return {};
  return *found;
}

Task<Result<StreamPtr>> StreamService::set_attributes(StreamPtr stream, std::vector<AttributeChange> changes) {
  StreamSettings settings;
  settings.attributes = std::move(changes);
  return change(std::move(stream), std::move(settings));
}

Result<void> StreamService::continue_history(std::uint64_t, StreamId, std::vector<std::pair<Lineage, std::uint64_t>>) {
  return Error{Errc::unsupported, "this stream service keeps no history that could be restored"};
}

Task<Result<Offset>> StreamService::readable_from(std::shared_ptr<const Shard> shard, Offset from) {
  co_return std::max(from, shard->start_offset());
}

Task<Result<Offset>> StreamService::wait_for_records(std::shared_ptr<const Shard> shard, Offset, Milliseconds) {
  co_return shard->end_offset();
}

}  // namespace forebay::gateway::stream
