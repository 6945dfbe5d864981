#include "spool/spool.h"

#include "base/planted_bug.h"
#include "spool/spool_impl.h"

namespace forebay::spool {

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
  options.head_entry_type = static_cast<std::uint16_t>(EntryType::head);
  auto opened = Journal::open(files_, entropy, logger_.child("journal"), path_, options,
                              [this](const RecoveredEntry& entry) { return state_.apply(entry); }, report_);
  if (!opened) return std::move(opened).error().with_context("spool");
  journal_ = *std::move(opened);
  acks_saved_at_ = clock_.steady_now();
  return {};
}

/// Commits as it is; the caller made sure of room.
Result<void> SpoolImpl::commit(StagedCommit& staged) {
  const auto entries = staged.entries();
  FB_TRY(const JournalPosition at, journal_->commit(entries));
  std::uint32_t index = 0;
  for (const JournalEntry& entry : entries) {
    if (entry.type == static_cast<std::uint16_t>(EntryType::head)) {
      state_.begin_row(at.file);
    } else {
      const Buffer content = StagedCommit::joined(entry);
      FB_CHECK(state_.apply({at, index, journal_->lineage(), entry.type, content}));
    }
    ++index;
  }
  ++counters_.syncs;
  counters_.written_bytes += staged.bytes();
  return {};
}

/// Begins a new file with its head. Errors  no_space: the current file stays in use.
Result<void> SpoolImpl::begin_file() {
  FB_CHECK(journal_->roll());
  file_open_ = true;
  StagedCommit staged;
  staged.add(EntryType::head, state_.head());
  return commit(staged);
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
    auto begun = files_in_use() < sizes_.files_max ? begin_file() : Result<void>(Error{Errc::no_space, "spool limit"});
    if (!begun && begun.error().code == Errc::no_space && !state_.rows().empty()) {
      for (std::size_t i = state_.rows().size() - 1; i-- > 0;) {
        if (state_.settled(state_.rows()[i]) && unsaved_acks_.empty()) FB_CHECK(free_row(i));
      }
      begun = files_in_use() < sizes_.files_max ? begin_file() : Result<void>(Error{Errc::no_space, "spool limit"});
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
