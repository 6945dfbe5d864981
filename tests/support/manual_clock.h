#pragma once

#include <atomic>

#include "base/clock.h"

namespace forebay::test {

/// A clock that stands still until it is moved. Threads  any.
class ManualClock final : public Clock {
 public:
  /// Starts at 2026-01-02T03:04:05Z, synchronised.
  explicit ManualClock(std::int64_t wall_ms = 1'767'323'045'000) : wall_ms_(wall_ms) {}

  [[nodiscard]] WallTime wall_now() const override { return from_millis(wall_ms_); }
  [[nodiscard]] SteadyTime steady_now() const override {
    return SteadyTime(SteadyTime::duration(steady_ns_.load()));
  }
  [[nodiscard]] bool wall_is_synchronised() const override { return synchronised_; }

  /// Both clocks go on, as time does.
  void advance(std::chrono::milliseconds by) {
    wall_ms_ += by.count();
    steady_ns_ += by.count() * 1'000'000;
  }
  /// The wall clock jumps, the steady one does not.
  void set_wall(WallTime now) { wall_ms_ = to_millis(now); }
  void set_synchronised(bool synchronised) { synchronised_ = synchronised; }

 private:
  std::atomic<std::int64_t> wall_ms_;
  std::atomic<std::int64_t> steady_ns_{1'000'000'000};
  std::atomic<bool> synchronised_{true};
};

}  // namespace forebay::test
