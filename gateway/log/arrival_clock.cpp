#include "gateway/log/arrival_clock.h"

#include <chrono>

namespace forebay::gateway::log {
namespace {

Milliseconds elapsed(SteadyTime from, SteadyTime to) { return std::chrono::duration_cast<Milliseconds>(to - from); }

}  // namespace

WallTime ArrivalClock::now() {
  WallTime wall = clock_->wall_now();
  const SteadyTime steady = clock_->steady_now();
  if (started_ && !clock_->wall_is_synchronised()) {
    const WallTime expected = last_ + elapsed(last_steady_, steady);
    if (wall > expected + kClockStepMax) wall = expected;
  }
  started_ = true;
  last_ = wall;
  last_steady_ = steady;
  return wall;
}

bool RetentionClock::trusted(WallTime& now) {
  now = clock_->wall_now();
  const SteadyTime steady = clock_->steady_now();
  if (started_) {
    const auto step = (now - last_) - elapsed(last_steady_, steady);
    if (step > kClockStepMax || step < -kClockStepMax) {
      jumped_ = true;
      jumped_at_ = steady;
    }
  }
  started_ = true;
  last_ = now;
  last_steady_ = steady;
  if (jumped_ && elapsed(jumped_at_, steady) >= kTrustAfter) jumped_ = false;
  return !jumped_ && clock_->wall_is_synchronised();
}

}  // namespace forebay::gateway::log
