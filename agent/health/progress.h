#pragma once

#include <atomic>
#include <cstdint>

#include "base/clock.h"

namespace forebay::agent {

/// Whether one thread moves while it has work: what the watchdog looks at. Idle is never stuck.
/// Threads  any, without locks.
class Progress {
 public:
  explicit Progress(const Clock& clock) : clock_(clock) {}

  /// Work began or a part of it was done.
  void moved() { last_.store(now(), std::memory_order_relaxed); }
  void idle() { last_.store(kIdle, std::memory_order_relaxed); }
  [[nodiscard]] bool stuck(Milliseconds limit) const {
    const std::int64_t last = last_.load(std::memory_order_relaxed);
    return last != kIdle && now() - last > Nanoseconds(limit).count();
  }

 private:
  static constexpr std::int64_t kIdle = INT64_MIN;
  [[nodiscard]] std::int64_t now() const { return clock_.steady_now().time_since_epoch().count(); }

  const Clock& clock_;
  std::atomic<std::int64_t> last_{kIdle};
};

}  // namespace forebay::agent
