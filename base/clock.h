#pragma once

#include "base/units.h"

namespace forebay {

/// Time as a parameter. Timeouts, intervals and back-off use steady_now(); wall_now() only dates records and requests.
/// Threads  any.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual WallTime wall_now() const = 0;
  [[nodiscard]] virtual SteadyTime steady_now() const = 0;
  /// False while the system says that its wall clock was never set (no RTC, no time service yet).
  [[nodiscard]] virtual bool wall_is_synchronised() const = 0;
};

}  // namespace forebay
