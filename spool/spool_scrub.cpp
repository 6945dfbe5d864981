#include "spool/spool_impl.h"

namespace forebay::spool {

/// What an entry takes beside its content, about.
constexpr std::uint64_t kEntryOverhead = 64;

Result<bool> SpoolImpl::scrub(std::uint64_t bytes_max) {
  if (!scrub_) {
    std::lock_guard lock(mutex_);
    scrub_ = journal_->device_cursor(journal_->begin());
    // The file being written is left out; without one, all were written by earlier runs.
    scrub_end_ = journal_->end().file;
    scrub_found_ = 0;
  }
  std::uint64_t bytes = 0;
  bool done = false;
  while (bytes < bytes_max && !done) {
    auto next = scrub_->next();
    if (!next) {
      scrub_.reset();
      return std::move(next).error();
    }
    const std::optional<RecoveredEntry> entry = *std::move(next);
    done = !entry || entry->commit.file >= scrub_end_;
    if (entry) bytes += entry->content.size() + kEntryOverhead;
    if (scrub_->holes() == scrub_found_) continue;
    scrub_found_ = scrub_->holes();
    logger_.error("scrub: a damaged place in the spool; records it took are declared when they are due",
                  {{"before_file", entry ? entry->commit.file : scrub_end_}, {"places", scrub_found_}});
  }
  std::lock_guard lock(mutex_);
  counters_.scrubbed_bytes += bytes;
  counters_.damaged_places = std::max(counters_.damaged_places, scrub_found_);
  if (!done) return false;
  counters_.damaged_places = scrub_found_;
  ++counters_.scrub_passes;
  scrub_.reset();
  return true;
}

}  // namespace forebay::spool
