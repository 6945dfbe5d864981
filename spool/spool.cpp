#include "spool/spool.h"

#include "base/planted_bug.h"
#include "spool/spool_impl.h"

namespace forebay::spool {

/// What a file for control entries has room for beside its head and the entries it is made for, at least.
constexpr std::uint64_t kControlFileRoom = 4 * kSpoolPage;

Result<std::unique_ptr<Spool>> Spool::open(FileSystem& files, Clock& clock, Entropy& entropy, Logger logger,
                                           std::string path, const SpoolOptions& options) {
  auto spool = std::make_unique<SpoolImpl>(files, clock, logger, std::move(path), options);
  FB_CHECK(spool->start(entropy));
  return std::unique_ptr<Spool>(std::move(spool));
}

Result<void> SpoolImpl::start(Entropy& entropy) {
  if (sizes_.data_files_max == 0) {
    return Error{Errc::invalid_argument, "spool limit of " + std::to_string(options_.max_bytes) +
                                             " bytes is less than four journal files of " +
                                             std::to_string(sizes_.file_bytes) + ": raise max_size"};
  }
  JournalOptions options;
  options.file_bytes = sizes_.file_bytes;
  options.commit_bytes_max = sizes_.file_bytes;
  options.zero_and_recycle = false;
  options.started_ms = to_millis(clock_.wall_now());
  options.ordinal_min = options_.ordinal_min;
  options.head_entry_type = static_cast<std::uint16_t>(EntryType::head);
  auto opened = Journal::open(
      files_, entropy, logger_.child("journal"), path_, options,
      [this](const RecoveredEntry& entry) { return state_.apply(entry); }, report_);
  if (!opened) return std::move(opened).error().with_context("spool");
  journal_ = *std::move(opened);
  if (const std::uint64_t records = state_.void_unfinished(); records != 0) {
    logger_.info("the last append was not finished; its source gives it again", {{"records", records}});
  }
  FB_CHECK(forget_missing_files());
  acks_saved_at_ = clock_.steady_now();
  return {};
}

/// Files freed after the newest head was written are gone, or back because their removal was not durable yet.
Result<void> SpoolImpl::forget_missing_files() {
  const auto infos = journal_->file_infos();
  for (std::size_t i = state_.rows().size(); i-- > 0;) {
    const std::uint64_t from = state_.rows()[i].file;
    const std::uint64_t to = i + 1 == state_.rows().size() ? UINT64_MAX : state_.rows()[i + 1].file;
    const bool there = std::any_of(infos.begin(), infos.end(), [&](const JournalFileInfo& info) {
      return info.number >= from && info.number < to;
    });
    if (!there) state_.forget_row(i, journal_->lineage());
  }
  if (state_.rows().empty()) return {};
  return journal_->free_files(0, state_.rows().front().file);
}

/// Commits as it is; the caller made sure of room.
Result<void> SpoolImpl::commit(StagedCommit& staged) {
  const auto entries = staged.entries();
  FB_TRY(const JournalPosition at, journal_->commit(entries));
  std::uint32_t index = 0;
  for (const JournalEntry& entry : entries) {
    if (entry.type == static_cast<std::uint16_t>(EntryType::head)) {
      state_.begin_row(at.file);
    } else if (entry.type == static_cast<std::uint16_t>(EntryType::records)) {
      FB_TRY(RecordsEntry records, parse_records(entry.parts[0]));
      records.records = entry.parts[1];
      state_.apply_records(at.file, journal_->lineage(), records);
    } else {
      FB_CHECK(state_.apply({at, index, journal_->lineage(), entry.type, entry.parts[0]}));
    }
    ++index;
  }
  ++counters_.syncs;
  counters_.written_bytes += staged.bytes();
  return {};
}

/// Begins a new file with its head. Errors  no_space: the current file stays in use.
Result<void> SpoolImpl::begin_file(std::uint64_t file_bytes) {
  StagedCommit staged;
  staged.add(EntryType::head, state_.head());
  const std::uint64_t least = staged.bytes() + kControlFileRoom;
  if (file_bytes < least) {
    return Error{Errc::no_space, "the spool's limit leaves no room for its own state: raise max_size"};
  }
  FB_CHECK(journal_->roll(file_bytes));
  file_open_ = true;
  return commit(staged);
}

/// A file for control entries may use the last of the limit, and be smaller than others for it.
/// `over_limit`: as small as these `bytes` allow, wherever the limit is. It may be lower than it was when the files
/// were written, and what is there leaves only through acknowledgements.
Result<void> SpoolImpl::begin_control_file(std::uint64_t bytes, bool over_limit) {
  if (over_limit) {
    const std::uint64_t least = state_.head().size() + bytes + kControlFileRoom;
    return begin_file(std::min(sizes_.file_bytes, (least / kSpoolPage + 1) * kSpoolPage));
  }
  const std::uint64_t used = journal_->disk_bytes();
  const std::uint64_t left = options_.max_bytes > used ? (options_.max_bytes - used) / kSpoolPage * kSpoolPage : 0;
  return begin_file(std::min(sizes_.file_bytes, left));
}

/// Acknowledgements and forgotten sources that wait for a commit to travel with.
void SpoolImpl::add_pending(StagedCommit& staged) {
  for (const LaneId& id : unsaved_acks_) {
    const LaneState& lane = state_.lanes()[id];
    const std::uint64_t acked = lane.acked + (FB_PLANTED_BUG("spool.ack_saved_high") ? 1 : 0);
    staged.add(EntryType::acknowledged, encode(AcknowledgedEntry{id, acked, lane.incarnation}));
  }
  for (const std::string& source : unsaved_forgets_) {
    staged.add(EntryType::forget_source, encode_forget_source(source));
  }
}

/// Commits entries that must find room also when the spool is full: into the current file, or a new one with a head.
Result<void> SpoolImpl::commit_control(StagedCommit& staged) {
  add_pending(staged);
  if (!file_open_ || journal_->would_roll(staged.entries())) {
    const auto no_room = [](const Result<void>& begun) { return !begun && begun.error().code == Errc::no_space; };
    auto begun = begin_control_file(staged.bytes(), false);
    if (no_room(begun) && !state_.rows().empty()) {
      for (std::size_t i = state_.rows().size() - 1; i-- > 0;) {
        const FileRow& row = state_.rows()[i];
        // Files of control entries alone owe nothing to an acknowledgement that is not durable.
        if (row.parts.empty() || (state_.settled(row) && unsaved_acks_.empty())) FB_CHECK(free_row(i));
      }
      begun = begin_control_file(staged.bytes(), false);
      if (no_room(begun)) begun = begin_control_file(staged.bytes(), true);
    }
    FB_CHECK(std::move(begun));
  }
  FB_CHECK(commit(staged));
  unsaved_acks_.clear();
  unsaved_forgets_.clear();
  acks_saved_at_ = clock_.steady_now();
  return {};
}

std::map<std::string, Buffer> SpoolImpl::source_positions() const {
  std::lock_guard lock(mutex_);
  return state_.sources();
}

void SpoolImpl::forget_source(const std::string& source) {
  std::lock_guard lock(mutex_);
  if (state_.sources().contains(source)) unsaved_forgets_.push_back(source);
}

std::vector<LaneStatus> SpoolImpl::lanes() const {
  std::lock_guard lock(mutex_);
  return state_.statuses();
}

Spool::Usage SpoolImpl::usage() const {
  std::lock_guard lock(mutex_);
  Usage usage = counters_;
  usage.disk_bytes = journal_->disk_bytes();
  usage.unacknowledged_records = state_.owed_records();
  usage.unacknowledged_bytes = state_.owed_bytes();
  return usage;
}

Result<void> SpoolImpl::close() {
  std::lock_guard lock(mutex_);
  if (!unsaved_acks_.empty() || !unsaved_forgets_.empty()) {
    auto saved = persist_acknowledgements();
    // Without room the acknowledgements are lost, and with them nothing but a resend.
    if (!saved && saved.error().code != Errc::no_space) return saved;
  }
  return journal_->close();
}

}  // namespace forebay::spool
