#include "agent/uploader/lane_table.h"

#include <algorithm>
#include <set>

namespace forebay::agent {

void LaneTable::update(std::span<const spool::LaneStatus> statuses, SteadyTime now) {
  std::set<spool::LaneId> seen;
  for (const spool::LaneStatus& status : statuses) {
    seen.insert(status.lane);
    const auto [it, added] = lanes_.try_emplace(status.lane);
    Lane& lane = it->second;
    lane.status = status;
    if (added) {
      lane.sent = status.acked;
      if (std::find(streams_.begin(), streams_.end(), status.lane.stream) == streams_.end())
        streams_.push_back(status.lane.stream);
    }
    lane.sent = std::max(lane.sent, status.acked);
    if (!lane.has_unsent()) lane.waiting_since.reset();
    else if (!lane.waiting_since) lane.waiting_since = now;
  }
  std::erase_if(lanes_, [&](const auto& entry) { return !seen.contains(entry.first); });
}

Lane* LaneTable::find(const spool::LaneId& id) {
  const auto it = lanes_.find(id);
  return it == lanes_.end() ? nullptr : &it->second;
}

Lane* LaneTable::head(const std::string& stream) {
  // The map is ordered by lineage: root first (one per spool), then ordinal.
  for (auto& [id, lane] : lanes_) {
    if (id.stream != stream || lane.set_aside()) continue;
    if (lane.has_unsent()) return &lane;
  }
  return nullptr;
}

void LaneTable::close_session() {
  for (auto& [id, lane] : lanes_)
    if (!lane.set_aside()) lane.state = LaneState::unopened;
  rewind();
}

void LaneTable::rewind() {
  for (auto& [id, lane] : lanes_) {
    lane.resend = lane.resend || lane.sent > lane.settled();
    lane.sent = lane.settled();
  }
}

bool LaneTable::drained() const {
  return std::none_of(lanes_.begin(), lanes_.end(), [](const auto& entry) {
    return !entry.second.set_aside() && entry.second.has_unacknowledged();
  });
}

std::uint64_t LaneTable::closable_through(const Lineage& current) const {
  std::uint64_t end = current.ordinal;
  for (const auto& [id, lane] : lanes_) {
    const bool asked = lane.state != LaneState::unopened && lane.state != LaneState::refused;
    if (id.lineage.root == current.root && !(lane.gone() && asked)) end = std::min(end, id.lineage.ordinal);
  }
  const bool any = std::any_of(lanes_.begin(), lanes_.end(), [&](const auto& entry) {
    return entry.first.lineage.root == current.root && entry.first.lineage.ordinal < end;
  });
  return any ? end - 1 : 0;
}

}  // namespace forebay::agent
