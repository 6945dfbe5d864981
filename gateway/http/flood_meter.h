#pragma once

#include <algorithm>

#include "base/units.h"

namespace forebay::gateway::http {

/// Weighs frames that cost the server work and carry nothing (reliability check 23). They are paid from an allowance
/// that grows slowly with time and quickly with answers, so that a busy client may send many and an idle one may not.
/// Pure.
class FloodMeter {
 public:
  explicit FloodMeter(SteadyTime now) : last_(now) {}

  /// Work was done for the far end, which entitles it to more control frames.
  void earn(double amount) { allowance_ = std::min(allowance_ + amount, kAllowanceMax); }
  /// Result  false: the far end floods.
  bool spend(double amount, SteadyTime now) {
    const double seconds = std::chrono::duration<double>(now - last_).count();
    last_ = now;
    earn(seconds * kPerSecond);
    allowance_ -= amount;
    return allowance_ >= 0;
  }

  static constexpr double kAllowanceMax = 2000;  ///< also what a new connection has
  static constexpr double kPerSecond = 50;
  static constexpr double kPerAnswer = 20;
  static constexpr double kPerDataFrame = 2;  ///< of ours: the far end answers with up to two window updates
  static constexpr double kResetCost = 5;     ///< more than the first frame of a streamed answer earns

 private:
  double allowance_ = kAllowanceMax;
  SteadyTime last_;
};

}  // namespace forebay::gateway::http
