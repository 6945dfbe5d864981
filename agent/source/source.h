#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/intake/intake.h"
#include "agent/source/source_counts.h"
#include "base/result.h"

namespace forebay::agent {

/// What status shows of one followed file, sensor or subscription.
struct SourceItem {
  std::string name;             ///< path, topic filter
  std::uint64_t position = 0;   ///< bytes read, or messages
  std::uint64_t lag_bytes = 0;  ///< known and not yet read
  std::uint64_t records = 0;    ///< handed over since start
  std::string last_error;
};
struct SourceStatus {
  std::string name;  ///< as configured, e.g. "source 1 (file)"
  std::string type;
  std::string stream;
  std::vector<SourceItem> items;
  bool stuck = false;  ///< has input and made no progress for a minute
  SourceCounts counts = {};
};

/// Takes data in and hands it to the intake. Promises: a position it hands over covers exactly the records handed over
/// with and before it; at start it continues from the positions it is given; input that cannot be read is reported,
/// never skipped in silence.
/// Threads  start(), stop(), status() on the agent's event loop; on_end runs there too.
class Source {
 public:
  virtual ~Source() = default;
  /// Begins. `positions` are the newest durable positions by source name, of all sources.
  /// `once`: read to the present end (or sample once), then call on_end; otherwise on_end is never called.
  virtual Result<void> start(Intake& intake, const std::map<std::string, Buffer>& positions, bool once,
                             std::function<void()> on_end) = 0;
  virtual void stop() = 0;
  [[nodiscard]] virtual SourceStatus status() const = 0;
};

}  // namespace forebay::agent
