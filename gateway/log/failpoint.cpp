#include "gateway/log/failpoint.h"

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>

namespace forebay::gateway::log {
namespace {

constexpr std::string_view kNames[] = {
    "put_parsed",         "put_encoded",        "submission_queued",   "turn_taken",        "lanes_checked",
    "offsets_assigned",   "before_commit",      "after_commit",        "shard_published",   "before_acknowledge",
    "acknowledged",       "change_committed",   "segment_created",     "run_written",       "rows_written",
    "segment_rolled",     "checkpoint_started", "segments_synced",     "directories_synced", "lanes_written",
    "lanes_renamed",      "catalog_updated",    "catalog_committed",   "before_journal_free", "journal_freed",
    "before_file_removal", "files_removed",     "recovery_truncated",  "recovery_replayed",
};
static_assert(std::size(kNames) == static_cast<std::size_t>(Failpoint::none));

std::string_view setting() {
  const char* text = std::getenv("FOREBAY_FAILPOINT");
  return text == nullptr ? std::string_view() : text;
}

Failpoint armed() {
  const std::string_view text = setting();
  const std::string_view name = text.substr(0, text.find(':'));
  for (std::size_t i = 0; i < std::size(kNames); ++i)
    if (kNames[i] == name) return static_cast<Failpoint>(i);
  return Failpoint::none;
}

int hits_wanted() {
  const std::string_view text = setting();
  int count = 1;
  if (const std::size_t colon = text.find(':'); colon != std::string_view::npos)
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), count);
  return count;
}

/// The one counter of a process that was started to die.
std::atomic<int> hits_left{hits_wanted()};

}  // namespace

std::span<const std::string_view> failpoint_names() { return kNames; }

namespace detail {

const Failpoint armed_failpoint = armed();

void failpoint_reached() {
  if (hits_left.fetch_sub(1) == 1) std::raise(SIGKILL);
}

}  // namespace detail
}  // namespace forebay::gateway::log
