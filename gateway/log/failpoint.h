#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace forebay::gateway::log {

/// Named places on the way of a record where the crash tests end the process. FOREBAY_FAILPOINT=name:count, read once at
/// start, kills the process (SIGKILL) when the place is reached for the count-th time. Unset: one comparison of a
/// constant.
enum class Failpoint : std::uint8_t {
  put_parsed,
  put_encoded,
  submission_queued,
  turn_taken,
  lanes_checked,
  offsets_assigned,
  before_commit,
  after_commit,
  shard_published,
  before_acknowledge,
  acknowledged,
  change_committed,
  segment_created,
  run_written,
  rows_written,
  segment_rolled,
  checkpoint_started,
  segments_synced,
  directories_synced,
  lanes_written,
  lanes_renamed,
  catalog_updated,
  catalog_committed,
  before_journal_free,
  journal_freed,
  before_file_removal,
  files_removed,
  recovery_truncated,
  recovery_replayed,
  none,
};

/// All names, in the order above.
std::span<const std::string_view> failpoint_names();

namespace detail {
extern const Failpoint armed_failpoint;
void failpoint_reached();
}  // namespace detail

inline void failpoint(Failpoint place) {
  if (place == detail::armed_failpoint) [[unlikely]]
    detail::failpoint_reached();
}

}  // namespace forebay::gateway::log
