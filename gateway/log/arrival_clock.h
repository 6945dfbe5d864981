#pragma once

#include "base/clock.h"

namespace forebay::gateway::log {

/// A forward step of the wall clock larger than this is not believed at once.
inline constexpr Milliseconds kClockStepMax{5 * 60'000};

/// Arrival times: the wall clock, but while it is unsynchronised a forward step over five minutes advances by monotonic
/// time only, so that one wrong reading does not date a stream's future. Shards take max(last, now()).
/// Threads  owner only.
class ArrivalClock {
 public:
  explicit ArrivalClock(const Clock& clock) : clock_(&clock) {}
  WallTime now();

 private:
  const Clock* clock_;
  bool started_ = false;
  WallTime last_;
  SteadyTime last_steady_;
};

/// Time for retention: never runs because of a jump. Expiry is held while the clock is unsynchronised, and after a step
/// of more than five minutes (either way) until an hour of steady agreement has passed.
/// Threads  owner only.
class RetentionClock {
 public:
  static constexpr Milliseconds kTrustAfter{3'600'000};
  explicit RetentionClock(const Clock& clock) : clock_(&clock) {}
  /// True when records may expire by `now`; call it at least every few minutes.
  bool trusted(WallTime& now);

 private:
  const Clock* clock_;
  bool started_ = false;
  bool jumped_ = false;
  WallTime last_;
  SteadyTime last_steady_;
  SteadyTime jumped_at_;
};

}  // namespace forebay::gateway::log
