#pragma once

#include "base/units.h"

namespace forebay {

/// A rate limit with bursts. Time is passed in and may stand still, never go back. Pure.
class TokenBucket {
 public:
  /// Full at first. `rate` tokens come per second, up to `burst`; both positive.
  TokenBucket(double rate, double burst, SteadyTime now) : rate_(rate), burst_(burst), tokens_(burst), last_(now) {}

  /// Takes `count` when there are as many. More than a burst at once is let through from a full bucket and paid back
  /// later, so that nothing waits for ever.
  bool take(double count, SteadyTime now);
  /// How long until take(count) succeeds; zero when it would now.
  [[nodiscard]] Milliseconds wait_for(double count, SteadyTime now) const;

 private:
  [[nodiscard]] double tokens_at(SteadyTime now) const;

  double rate_;
  double burst_;
  double tokens_;
  SteadyTime last_;
};

}  // namespace forebay
