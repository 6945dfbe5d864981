#include "gateway/log/lane_table.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/planted_bug.h"

namespace forebay::gateway::log {

void Lane::append(const LaneRange& range) {
  if (range_count == kRangesMax) {
    std::copy(ranges.begin() + 1, ranges.end(), ranges.begin());
    --range_count;
  }
  ranges[range_count++] = range;
  last = range.last();
}

std::size_t LaneTable::KeyHash::operator()(const LaneKey& key) const {
  // Root, nonce and stream are random or dense; one multiplication spreads them over the high bits too.
  std::uint64_t root = 0;
  std::memcpy(&root, key.lineage.root.data(), sizeof(root));
  const std::uint64_t mixed = root ^ key.lineage.nonce ^ (key.lineage.ordinal << 17) ^ (key.stream.value() << 40);
  const std::uint64_t product = mixed * 0x9E3779B97F4A7C15u;
  return product ^ (product >> 32);
}

LaneAnswer LaneTable::check(const LaneKey& key, std::uint64_t base, std::uint64_t first, std::uint64_t count,
                            std::uint32_t crc) const {
  if (is_stale(key.lineage)) return {LaneVerdict::stale, forgotten_through(key.lineage.root)};
  const Part& part = parts_[part_of(key)];
  const auto found = part.find(key);
  // What the agent declared lost lies below its base and never arrives: the lane goes on behind it.
  const std::uint64_t held = found == part.end() ? 0 : found->second.last;
  const std::uint64_t last = std::max(held, found == part.end() || base < first ? base : 0);
  const bool sane = count > 0 && count <= std::numeric_limits<std::uint32_t>::max() && first > 0 &&
                    first <= std::numeric_limits<std::uint64_t>::max() - count;
  if (!sane) return {LaneVerdict::gap, last};
  if (FB_PLANTED_BUG("gateway.accept_gap") && first > last) return {LaneVerdict::append, last};
  if (first > last + 1) return {LaneVerdict::gap, last};
  if (first == last + 1) return {LaneVerdict::append, last};
  if (first + count - 1 > last) return {LaneVerdict::forked, last};
  if (found == part.end()) return {LaneVerdict::unverified, last};
  for (std::size_t i = 0; i < found->second.range_count; ++i) {
    const LaneRange& range = found->second.ranges[i];
    if (range.first == first && range.count == count)
      return {range.crc == crc ? LaneVerdict::duplicate : LaneVerdict::forked, last};
  }
  return {LaneVerdict::unverified, last};
}

void LaneTable::append(const LaneKey& key, const LaneRange& range) {
  parts_[part_of(key)][key].append(range);
  ++version_;
}

void LaneTable::merge(const LaneKey& key, const LaneRange& range) {
  if (is_stale(key.lineage)) return;
  Lane& lane = parts_[part_of(key)][key];
  if (range.count > 0 && range.last() > lane.last) lane.append(range);
  ++version_;
}

void LaneTable::merge(const LaneKey& key, const Lane& lane) {
  if (is_stale(key.lineage)) return;
  Lane& mine = parts_[part_of(key)][key];
  if (lane.last > mine.last || mine.range_count == 0) mine = lane;
  ++version_;
}

void LaneTable::raise(const LaneKey& key, std::uint64_t last) {
  if (is_stale(key.lineage)) return;
  Lane& lane = parts_[part_of(key)][key];
  lane.last = std::max(lane.last, last);
  ++version_;
}

std::optional<Lane> LaneTable::find(const LaneKey& key) const {
  const Part& part = parts_[part_of(key)];
  const auto found = part.find(key);
  if (found == part.end()) return {};
  return found->second;
}

void LaneTable::restore(const LaneKey& key, const std::optional<Lane>& lane) {
  if (lane)
    parts_[part_of(key)][key] = *lane;
  else
    parts_[part_of(key)].erase(key);
  ++version_;
}

void LaneTable::forget(const std::array<std::uint8_t, 16>& root, std::uint64_t through) {
  std::uint64_t& known = forgotten_[root];
  known = std::max(known, through);
  for (Part& part : parts_) std::erase_if(part, [&](const auto& lane) { return is_stale(lane.first.lineage); });
  ++version_;
}

std::uint64_t LaneTable::forgotten_through(const std::array<std::uint8_t, 16>& root) const {
  const auto found = forgotten_.find(root);
  return found == forgotten_.end() ? 0 : found->second;
}

void LaneTable::erase_stream(StreamId stream) {
  for (Part& part : parts_) std::erase_if(part, [&](const auto& lane) { return lane.first.stream == stream; });
  ++version_;
}

std::size_t LaneTable::size() const {
  std::size_t lanes = 0;
  for (const Part& part : parts_) lanes += part.size();
  return lanes;
}

std::vector<std::pair<LaneKey, Lane>> LaneTable::part(std::size_t index) const {
  return {parts_[index].begin(), parts_[index].end()};
}

}  // namespace forebay::gateway::log
