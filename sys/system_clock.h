#pragma once

#include <atomic>

#include "base/clock.h"

namespace forebay {

/// The machine's clocks. Threads  any.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] WallTime wall_now() const override;
  [[nodiscard]] SteadyTime steady_now() const override;
  /// What the kernel says of its time service, asked at most once a second; a clock that shows 2024 or later was set by
  /// somebody (a battery-backed clock, an operator) and counts too.
  [[nodiscard]] bool wall_is_synchronised() const override;

 private:
  mutable std::atomic<std::int64_t> next_look_ns_{0};
  mutable std::atomic<bool> synchronised_{false};
};

}  // namespace forebay
