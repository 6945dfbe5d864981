#include "spool/spool_state.h"

#include <algorithm>

#include "base/planted_bug.h"

namespace forebay::spool {

/// Seals of acknowledged data that are remembered per lane, for a gateway that has to be sent it again.
constexpr std::size_t kSealsMax = 1024;
/// Lanes without data that are remembered, so that a gateway restored from a backup can still be told what is lost.
constexpr std::size_t kDrainedLanesMax = 64;

Result<void> SpoolState::apply(const RecoveredEntry& entry) {
  const std::uint64_t file = entry.commit.file;
  switch (static_cast<EntryType>(entry.type)) {
    case EntryType::head: {
      FB_TRY(auto head, parse_head(entry.content));
      apply_head(file, std::move(head));
      return {};
    }
    case EntryType::records: {
      FB_TRY(const auto records, parse_records(entry.content));
      apply_records(file, entry.lineage, records);
      return {};
    }
    case EntryType::seal: {
      FB_TRY(auto seal, parse_seal(entry.content));
      LaneState& lane = lanes_[seal.lane];
      lane.add_seal(std::move(seal));
      while (lane.seals.size() > kSealsMax && lane.seals.begin()->first <= lane.acked) {
        lane.seals.erase(lane.seals.begin());
      }
      return {};
    }
    case EntryType::acknowledged: {
      FB_TRY(const auto ack, parse_acknowledged(entry.content));
      LaneState& lane = lanes_[ack.lane];
      lane.acked = ack.through;
      lane.incarnation = ack.incarnation;
      return {};
    }
    case EntryType::gap: {
      FB_TRY(const auto gap, parse_gap(entry.content));
      LaneState& lane = lanes_[gap.lane];
      lane.gaps.add(gap.range);
      // What lost gap records declared is told anew in this very commit.
      lane.gap_records.erase(lane.gap_records.lower_bound(gap.range.from), lane.gap_records.upper_bound(gap.range.to));
      return {};
    }
    case EntryType::forget_source: {
      FB_TRY(const auto source, parse_forget_source(entry.content));
      sources_.erase(source);
      return {};
    }
    case EntryType::refused: {
      FB_TRY(auto refused, parse_refused(entry.content));
      if (refused.records != 0) refused_[refused.key] += refused.records;
      if (!refused.key.source.empty()) sources_[refused.key.source] = std::move(refused.position);
      unfinished_.reset();
      return {};
    }
    case EntryType::refusal_declared: {
      FB_TRY(const auto key, parse_refusal_declared(entry.content));
      refused_.erase(key);
      return {};
    }
    case EntryType::unfinished: {
      FB_TRY(const auto piece, parse_unfinished(entry.content));
      if (!unfinished_) unfinished_ = UnfinishedAppend{{entry.lineage, piece.stream}, {}};
      unfinished_->ranges.add(piece.range);
      unfinished_->announced = piece.range.from;
      return {};
    }
  }
  return Error{Errc::unsupported, "spool entry type " + std::to_string(entry.type) +
                                      " was written by a newer program: use that one"};
}

void SpoolState::apply_head(std::uint64_t file, HeadEntry head) {
  lanes_ = std::move(head.lanes);
  sources_ = std::move(head.sources);
  refused_ = std::move(head.refused);
  rows_ = std::move(head.rows);
  unfinished_ = std::move(head.unfinished);
  begin_row(file);
}

std::uint64_t SpoolState::void_unfinished() {
  if (!unfinished_) return 0;
  LaneState& lane = lanes_[unfinished_->lane];
  std::uint64_t records = 0;
  for (const SequenceRange& range : unfinished_->ranges.ranges()) {
    records += range.count();
    lane.gaps.add(range);
  }
  unfinished_.reset();
  return records;
}

void SpoolState::extend_part(const LaneId& id, const RecordsEntry& entry) {
  LanePart& part = rows_.back().parts[id];
  if (part.range.count() == 0) {
    part.range = {entry.first, entry.last()};
  } else {
    part.range.to = entry.last();
  }
  part.bytes += entry.records.size();
  if (entry.lost != 0) return;
  if (!part.source) part.source = std::string(entry.source);
  else if (*part.source != entry.source) part.source->clear();
}

/// What the one record of the entry declares.
static GapRecord gap_of(const RecordsEntry& entry) {
  RecordChunkReader reader(entry.records);
  const auto record = reader.next();
  auto gap = record ? parse_gap_record(as_text(record->data)) : std::nullopt;
  GapRecord known = gap ? *std::move(gap) : GapRecord{};
  known.count = entry.lost;
  return known;
}

void SpoolState::apply_records(std::uint64_t file, const Lineage& lineage, const RecordsEntry& entry) {
  if (rows_.empty()) begin_row(file);
  // Records that are no announced piece show that the append before them was finished.
  if (unfinished_ && entry.lost == 0 && std::exchange(unfinished_->announced, 0) != entry.first) unfinished_.reset();
  if (!entry.source.empty()) sources_[std::string(entry.source)] = to_buffer(entry.position);
  if (entry.count == 0) return;
  const LaneId id{lineage, std::string(entry.stream)};
  LaneState& lane = lanes_[id];
  extend_part(id, entry);
  lane.last = entry.last();
  lane.bytes += entry.records.size();
  if (entry.lost != 0) lane.gap_records[entry.first] = gap_of(entry);
}

Buffer SpoolState::head() const {
  if (FB_PLANTED_BUG("spool.positions_not_in_head")) return encode_head(lanes_, {}, refused_, rows_, unfinished_);
  return encode_head(lanes_, sources_, refused_, rows_, unfinished_);
}

std::uint64_t SpoolState::first_of(const LaneId& id, const LaneState& lane) const {
  for (const FileRow& row : rows_) {
    const auto part = row.parts.find(id);
    if (part == row.parts.end()) continue;
    const std::uint64_t first = lane.gaps.skip_from(part->second.range.from);
    if (first <= part->second.range.to) return first;
  }
  return lane.last + 1;
}

std::vector<LaneStatus> SpoolState::statuses() const {
  std::map<LaneId, std::uint64_t> firsts;
  for (const FileRow& row : rows_) {
    for (const auto& [id, part] : row.parts) {
      const auto lane = lanes_.find(id);
      if (lane == lanes_.end() || firsts.contains(id)) continue;
      const std::uint64_t first = lane->second.gaps.skip_from(part.range.from);
      if (first <= part.range.to) firsts[id] = first;
    }
  }
  std::vector<LaneStatus> all;
  for (const auto& [id, lane] : lanes_) {
    LaneStatus status{id, 1, lane.gaps.skip_back_from(lane.last), std::min(lane.acked, lane.last), lane.incarnation};
    const auto first = firsts.find(id);
    status.first = first == firsts.end() ? status.last + 1 : first->second;
    all.push_back(std::move(status));
  }
  std::sort(all.begin(), all.end(), [](const LaneStatus& a, const LaneStatus& b) {
    return std::tie(a.lane.lineage.ordinal, a.lane) < std::tie(b.lane.lineage.ordinal, b.lane);
  });
  return all;
}

std::uint64_t SpoolState::file_of(const LaneId& lane, std::uint64_t sequence) const {
  for (const FileRow& row : rows_) {
    const auto part = row.parts.find(lane);
    if (part != row.parts.end() && part->second.range.to >= sequence) return row.file;
  }
  return rows_.empty() ? 0 : rows_.back().file;
}

bool SpoolState::settled(const FileRow& row) const {
  return std::all_of(row.parts.begin(), row.parts.end(), [this](const auto& part) {
    const auto lane = lanes_.find(part.first);
    return lane == lanes_.end() || lane->second.owed_in(part.second.range) == 0;
  });
}

std::uint64_t SpoolState::owed_records() const {
  std::uint64_t total = 0;
  for (const auto& [id, lane] : lanes_) total += lane.owed_in({1, lane.last});
  return total;
}

std::uint64_t SpoolState::owed_bytes() const {
  std::uint64_t total = 0;
  for (const FileRow& row : rows_) {
    for (const auto& [id, part] : row.parts) {
      const auto lane = lanes_.find(id);
      if (lane == lanes_.end()) continue;
      const std::uint64_t owed = lane->second.owed_in(part.range);
      total += owed == part.range.count() ? part.bytes : part.bytes / part.range.count() * owed;
    }
  }
  return total;
}

void SpoolState::forget_row(std::size_t index, const Lineage& current) {
  const FileRow row = std::move(rows_[index]);
  rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(index));
  for (const auto& [id, part] : row.parts) {
    const auto lane = lanes_.find(id);
    if (lane != lanes_.end()) lane->second.forget_before(first_of(id, lane->second));
  }
  std::vector<LaneId> drained;
  for (const auto& [id, lane] : lanes_) {
    const bool present =
        std::any_of(rows_.begin(), rows_.end(), [&](const FileRow& r) { return r.parts.contains(id); });
    if (!present && id.lineage != current && lane.drained()) drained.push_back(id);
  }
  std::sort(drained.begin(), drained.end(),
            [](const LaneId& a, const LaneId& b) { return a.lineage.ordinal < b.lineage.ordinal; });
  for (std::size_t i = 0; i + kDrainedLanesMax < drained.size(); ++i) lanes_.erase(drained[i]);
}

}  // namespace forebay::spool
