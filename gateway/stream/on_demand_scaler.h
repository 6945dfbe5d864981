#pragma once

#include <map>

#include "gateway/log/embedded_log.h"
#include "gateway/stream/on_demand_rate.h"

namespace forebay::gateway::stream {

/// Gives on-demand streams more shards under load and fewer when it is over, and says why in the log.
/// Threads  tick(): one caller at a time; completed(): the sequencer's.
class OnDemandScaler final : public log::SubmissionOwner {
 public:
  OnDemandScaler(log::EmbeddedLog& log, const Clock& clock, const OnDemandOptions& options, Logger logger)
      : log_(&log), clock_(&clock), options_(options), logger_(logger) {}

  /// Looks at every on-demand stream; call it about once a second.
  void tick();
  void completed(std::vector<log::SubmissionPtr> finished) override;

 private:
  struct Scaling;
  void watch(const log::StreamLog& stream, SteadyTime now);

  log::EmbeddedLog* log_;
  const Clock* clock_;
  const OnDemandOptions options_;
  Logger logger_;
  SteadyTime last_tick_;
  std::map<log::StreamId, OnDemandRate> rates_;
};

}  // namespace forebay::gateway::stream
