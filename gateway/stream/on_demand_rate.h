#pragma once

#include <deque>
#include <optional>
#include <string>

#include "base/units.h"

namespace forebay::gateway::stream {

/// Bounds and pace of on-demand scaling. A shard counts for what one shard of the service takes.
struct OnDemandOptions {
  std::uint32_t shards_min = 4;
  std::uint32_t shards_max = 200;
  std::uint64_t shard_bytes = 1_MiB;    ///< per second, as stored
  std::uint64_t shard_records = 1'000;  ///< per second
  Milliseconds interval{10'000};        ///< rates are means over this time
  Milliseconds calm{900'000};           ///< fewer shards only after so long without a rate that needs more
};

struct OnDemandDecision {
  std::uint32_t shards = 0;  ///< wanted from now on
  std::string reason;
};

/// Watches the rate of one on-demand stream and decides how many shards it should have: double when the last interval
/// used more than half of what its shards stand for, half when nothing did so for long with half as many.
/// Threads  owner only.
class OnDemandRate {
 public:
  explicit OnDemandRate(const OnDemandOptions& options) : options_(&options) {}

  /// Totals since any moment; they may fall when old shards leave. At most one decision per interval.
  std::optional<OnDemandDecision> observe(SteadyTime now, std::uint64_t records, std::uint64_t bytes,
                                          std::uint32_t open_shards);

 private:
  struct Rate {
    SteadyTime at;
    std::uint64_t records = 0;  ///< per second
    std::uint64_t bytes = 0;
  };
  [[nodiscard]] bool is_too_much(const Rate& rate, std::uint32_t shards) const;
  [[nodiscard]] Rate peak() const;
  std::optional<OnDemandDecision> decide(const Rate& rate, std::uint32_t open_shards) const;

  const OnDemandOptions* options_;
  bool started_ = false;
  SteadyTime since_;       ///< when watching began
  SteadyTime last_at_;
  std::uint64_t last_records_ = 0;
  std::uint64_t last_bytes_ = 0;
  std::deque<Rate> rates_;  ///< of the calm time, oldest first
};

}  // namespace forebay::gateway::stream
