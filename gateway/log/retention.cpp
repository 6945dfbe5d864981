#include "gateway/log/retention.h"

#include <algorithm>
#include <chrono>

namespace forebay::gateway::log {
namespace {

struct Candidate {
  std::size_t shard = 0;
  SegmentInfo::Extent extent;
};

WallTime horizon(std::int32_t retention_hours, WallTime now) { return now - std::chrono::hours(retention_hours); }

}  // namespace

std::vector<NewStart> expired(const StreamLog& stream, WallTime now) {
  const StreamDefinition& definition = stream.definition;
  const WallTime oldest = horizon(definition.retention_hours, now);
  std::vector<Candidate> closed;
  std::uint64_t bytes = 0;
  for (std::size_t shard = 0; shard < stream.views.size(); ++shard) {
    const auto segments = stream.views[shard]->segments();
    for (const auto& segment : *segments) {
      bytes += segment->extent().bytes;
      if (segment->closed.load()) closed.push_back({shard, segment->extent()});
    }
  }
  // By time of the newest record: within a shard that is offset order, so a prefix of every shard goes.
  std::stable_sort(closed.begin(), closed.end(),
                   [](const Candidate& a, const Candidate& b) { return a.extent.last_arrival < b.extent.last_arrival; });
  std::vector<NewStart> starts;
  std::vector<bool> held(stream.views.size());
  for (const Candidate& candidate : closed) {
    const bool too_old = candidate.extent.last_arrival < oldest;
    const bool too_much = definition.retention_bytes > 0 && bytes > definition.retention_bytes;
    if (!too_old && !too_much) break;
    if (candidate.extent.end > stream.views[candidate.shard]->hold()) held[candidate.shard] = true;
    if (held[candidate.shard]) continue;
    bytes -= candidate.extent.bytes;
    starts.push_back({candidate.shard, candidate.extent.end});
  }
  return starts;
}

std::vector<ShardNumber> expired_shards(const StreamLog& stream, WallTime now) {
  const WallTime oldest = horizon(stream.definition.retention_hours, now);
  std::vector<ShardNumber> gone;
  const auto is_listed = [&](const std::optional<ShardNumber>& shard) {
    return shard && stream.index_of(*shard) < stream.views.size() &&
           !std::binary_search(gone.begin(), gone.end(), *shard);
  };
  for (std::size_t i = 0; i < stream.views.size(); ++i) {
    const ShardDefinition& shard = stream.definition.shards[i];
    if (!shard.closed || *shard.closed >= oldest || stream.views[i]->start() != stream.views[i]->end()) continue;
    if (!is_listed(shard.parent) && !is_listed(shard.adjacent_parent)) gone.push_back(shard.number);
  }
  return gone;
}

bool active_has_expired(const ShardView& view, std::int32_t retention_hours, WallTime now) {
  const auto segments = view.segments();
  if (segments->empty() || segments->back()->closed.load()) return false;
  const SegmentInfo::Extent extent = segments->back()->extent();
  return extent.rows > 0 && extent.end == view.end() && extent.last_arrival < horizon(retention_hours, now);
}

}  // namespace forebay::gateway::log
