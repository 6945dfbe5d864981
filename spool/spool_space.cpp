#include "base/planted_bug.h"
#include "spool/spool_impl.h"

namespace forebay::spool {

std::uint64_t SpoolImpl::files_in_use() const {
  // Older files may be shorter than a whole one; they count by their bytes.
  return (journal_->disk_bytes() + sizes_.file_bytes - 1) / sizes_.file_bytes;
}

bool SpoolImpl::fits_current(std::uint64_t bytes) const {
  return file_open_ && bytes + kSpoolPage + sizes_.control_reserve <= journal_->room();
}

/// Files beyond the data limit are there for control entries; records in them would use up that reserve.
bool SpoolImpl::ready_for(std::uint64_t bytes) const {
  return fits_current(bytes) && files_in_use() <= data_files_max();
}

Result<bool> SpoolImpl::data_file_allowed() {
  if (files_in_use() + 1 > data_files_max()) return false;
  if (moving_) return true;  // if the disk has none, that is found at once
  FB_TRY(const SpaceInfo space, files_.space(path_));
  return space.free_bytes >= options_.free_space_floor + sizes_.file_bytes;
}

/// Makes sure that a data commit of so many bytes fits the current file; may begin a new one and apply the policy.
Result<SpoolImpl::Room> SpoolImpl::make_room(std::uint64_t bytes) {
  for (const bool last_try : {false, true}) {
    if (ready_for(bytes)) return Room::ready;
    FB_TRY(const bool allowed, data_file_allowed());
    if (allowed) {
      auto begun = begin_file(sizes_.file_bytes);
      if (begun) return Room::ready;
      if (begun.error().code != Errc::no_space) return std::move(begun).error();
    }
    if (!last_try) FB_CHECK(free_settled(true));
  }
  if (moving_) return Error{Errc::no_space, "the spool has no room to move records of an earlier run"};
  switch (options_.when_full) {
    case WhenFull::block:
      counters_.full = true;
      return Error{Errc::no_space, "the spool is full and its policy is block"};
    case WhenFull::drop_newest: return Room::refuse;
    case WhenFull::drop_oldest: break;
  }
  for (std::size_t tries = state_.rows().size() + 2; tries != 0; --tries) {
    FB_TRY(const bool dropped, drop_oldest());
    if (!dropped) return Room::refuse;
    const bool room = journal_->disk_bytes() + sizes_.file_bytes <= options_.max_bytes;
    if (!fits_current(bytes) && room) FB_CHECK(begin_file(sizes_.file_bytes));
    if (ready_for(bytes)) return Room::ready;
  }
  return Room::refuse;  // what is left is pinned, or state
}

Result<void> SpoolImpl::persist_acknowledgements() {
  StagedCommit staged;
  add_pending(staged);
  if (staged.empty()) return {};
  StagedCommit none;
  return commit_control(none);
}

Result<void> SpoolImpl::free_row(std::size_t index) {
  const std::uint64_t from = state_.rows()[index].file;
  const bool newest = index + 1 == state_.rows().size();
  const std::uint64_t to = newest ? from + 1 : state_.rows()[index + 1].file;
  std::erase_if(readers_, [&](const auto& reader) {
    const auto part = state_.rows()[index].parts.find(reader->lane());
    return part != state_.rows()[index].parts.end() && reader->next() <= part->second.range.to;
  });
  state_.forget_row(index, journal_->lineage());
  return journal_->free_files(from, to);
}

/// Frees files in which nothing is owed: those beyond grace, or all. The newest file stays: it carries the state.
Result<void> SpoolImpl::free_settled(bool all) {
  const SteadyTime now = clock_.steady_now();
  std::uint64_t kept = 0;
  std::vector<std::uint64_t> free;  // file numbers: making room for the acknowledgement may take rows away
  for (std::size_t i = state_.rows().size(); i-- > 0;) {
    FileRow& row = state_.rows()[i];
    if (!state_.settled(row)) {
      row.settled_at.reset();
      continue;
    }
    if (!row.settled_at) row.settled_at = now;
    if (i + 1 == state_.rows().size()) continue;
    kept += sizes_.file_bytes;  // newest first: the oldest leave when grace is full
    const bool useless = row.parts.empty();
    if (all || useless || now - *row.settled_at >= options_.grace || kept > sizes_.grace_bytes_max)
      free.push_back(row.file);
  }
  if (free.empty()) return {};
  if (!unsaved_acks_.empty() && !FB_PLANTED_BUG("spool.unlink_before_pointer")) {
    // Delete last (rule 1.3.5): what says that the data is not needed must be durable before it goes.
    auto saved = persist_acknowledgements();
    if (!saved && saved.error().code == Errc::no_space) return {};
    FB_CHECK(std::move(saved));
  }
  for (const std::uint64_t file : free) {
    const auto& rows = state_.rows();
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const FileRow& one) { return one.file == file; });
    if (row != rows.end()) FB_CHECK(free_row(static_cast<std::size_t>(row - rows.begin())));
  }
  return {};
}

/// True when dropping would take records of a batch that may be on its way.
bool SpoolImpl::pinned(const FileRow& row) const {
  for (const auto& [id, part] : row.parts) {
    const auto lane = state_.lanes().find(id);
    if (lane == state_.lanes().end()) continue;
    for (const auto& [first, seal] : lane->second.seals) {
      const SequenceRange range{std::max(first, part.range.from), std::min(first + seal.count - 1, part.range.to)};
      if (lane->second.owed_in(range) != 0) return true;
    }
  }
  return false;
}

/// The oldest file, but neither the one being written nor one with a sealed batch: the gateway may have that already,
/// and then its records would be there and declared lost as well.
std::optional<std::size_t> SpoolImpl::choose_victim() const {
  const auto& rows = state_.rows();
  for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
    if (!pinned(rows[i])) return i;
  }
  return std::nullopt;
}

/// Declarations of other runs or reasons that one gap repeats one by one.
constexpr std::size_t kOtherGapsMax = 2;

void SpoolImpl::stage_gap_record(StagedCommit& staged, std::deque<RecordChunk>& chunks,
                                 std::map<std::string, std::uint64_t>& next, const std::string& stream,
                                 const GapRecord& gap) {
  chunks.push_back(gap_chunk(stream, gap, clock_.wall_now()));
  stage_records(staged, chunks.back(), false, gap.count, next);
}

/// Adds a gap and the record that declares it; returns how many records are lost by it. A gap record inside the range
/// is no lost record: what it declares becomes a part of the new one, or is declared once more as it was.
std::uint64_t SpoolImpl::stage_gap(StagedCommit& staged, std::deque<RecordChunk>& chunks,
                                   std::map<std::string, std::uint64_t>& next, const LaneId& id, SequenceRange range,
                                   const std::string& source, const std::string& reason) {
  const LaneState& lane = state_.lanes()[id];
  GapRecord gap{options_.device, source, id.lineage.ordinal, {}, 0, reason};
  std::vector<GapRecord> others;
  RangeSet own;  // sequences of lost gap records
  for (auto at = lane.gap_records.lower_bound(range.from); at != lane.gap_records.end() && at->first <= range.to;
       ++at) {
    own.add({at->first, at->first});
  }
  gap.ranges = own.missing_in(range);
  for (const SequenceRange& lost : gap.ranges) gap.count += lost.count();
  const std::uint64_t dropped = gap.count;
  for (const SequenceRange& sequences : own.ranges()) {
    for (std::uint64_t at = sequences.from; at <= sequences.to; ++at) {
      const GapRecord& older = lane.gap_records.at(at);
      const auto other = std::find_if(others.begin(), others.end(), [&](const GapRecord& g) { return g.takes(older); });
      if (gap.takes(older))
        gap.fold(older);
      else if (other != others.end())
        other->fold(older);
      else
        others.push_back(older);
    }
  }
  if (others.size() > kOtherGapsMax) {
    // Runs and reasons beyond counting on fingers: how much is lost stays exact, its numbers are no longer told.
    GapRecord many{options_.device, "", 0, {}, 0, reason};
    for (std::size_t i = kOtherGapsMax - 1; i < others.size(); ++i) many.count += others[i].count;
    others.resize(kOtherGapsMax - 1);
    others.push_back(std::move(many));
  }
  staged.add(EntryType::gap, encode(GapEntry{id, range}));
  if (gap.count != 0) stage_gap_record(staged, chunks, next, id.stream, gap);
  for (const GapRecord& other : others) stage_gap_record(staged, chunks, next, id.stream, other);
  counters_.dropped_records += dropped;
  return dropped;
}

/// Frees the oldest file after declaring what is lost with it. False: nothing can be dropped.
Result<bool> SpoolImpl::drop_oldest() {
  if (!choose_victim() && !state_.rows().empty() && !pinned(state_.rows().back()) &&
      files_in_use() < sizes_.files_max) {
    FB_CHECK(begin_file(sizes_.file_bytes));  // the file being written is the victim
  }
  const auto victim = choose_victim();
  if (!victim) return false;
  const std::uint64_t file = state_.rows()[*victim].file;
  StagedCommit staged;
  std::deque<RecordChunk> chunks;
  std::map<std::string, std::uint64_t> next;
  std::uint64_t lost = 0;
  for (const auto& [id, part] : state_.rows()[*victim].parts) {
    const LaneState& lane = state_.lanes()[id];
    const SequenceRange owed{std::max(part.range.from, lane.acked + 1), std::min(part.range.to, lane.last)};
    for (const SequenceRange& range : lane.gaps.missing_in(owed)) {
      lost += stage_gap(staged, chunks, next, id, range, part.source.value_or(std::string()), "spool_full_drop_oldest");
    }
  }
  if (!staged.empty()) {
    if (FB_PLANTED_BUG("spool.drop_before_gap")) FB_CHECK(journal_->free_files(file, file + 1));
    FB_CHECK(commit_control(staged));
  }
  logger_.warning("spool full: oldest records dropped and declared", {{"records", lost}, {"file", file}});
  for (std::size_t i = 0; i < state_.rows().size(); ++i) {
    if (state_.rows()[i].file != file) continue;
    FB_CHECK(free_row(i));
    break;
  }
  return true;
}

}  // namespace forebay::spool
