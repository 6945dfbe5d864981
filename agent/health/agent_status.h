#pragma once

#include <string>
#include <vector>

#include "agent/source/source.h"
#include "agent/uploader/upload_status.h"
#include "base/result.h"
#include "spool/spool.h"

namespace forebay::agent {

/// One snapshot of the running agent: what `forebay-agent status` shows.
struct AgentStatus {
  std::string device;
  std::string version;
  std::string gateway;
  std::uint64_t uptime_s = 0;
  bool stuck = false;
  std::string stuck_what;  ///< which part makes no progress
  spool::Spool::Usage spool;
  std::uint64_t spool_bytes_max = 0;
  std::uint64_t intake_bytes = 0;
  bool blocked = false;  ///< the spool is full and its policy makes sources wait
  UploadStatus upload;
  std::vector<SourceStatus> sources;
  std::string metrics_text;  ///< Prometheus text

  /// Bytes written to the disk per day at the rate since the start.
  [[nodiscard]] std::uint64_t disk_bytes_per_day() const;
};

/// JSON, one object; names as in docs/CONFIG.md and the vocabulary.
std::string to_json(const AgentStatus& status);
/// A page for people from that JSON. Errors  corrupt: not such an object.
Result<std::string> status_page(std::string_view json);
/// One line for `systemctl status`.
std::string status_line(const AgentStatus& status);
/// "1.5 GiB"
std::string shown_bytes(std::uint64_t bytes);

}  // namespace forebay::agent
