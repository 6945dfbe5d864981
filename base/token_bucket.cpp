#include "base/token_bucket.h"

#include <algorithm>
#include <cmath>

namespace forebay {

namespace {
constexpr double kLongestWaitMs = 86'400'000;  // a day; far beyond any caller's deadline
}

double TokenBucket::tokens_at(SteadyTime now) const {
  const std::chrono::duration<double> passed = now - last_;
  return std::min(burst_, tokens_ + std::max(0.0, passed.count()) * rate_);
}

bool TokenBucket::take(double count, SteadyTime now) {
  tokens_ = tokens_at(now);
  last_ = std::max(last_, now);
  if (tokens_ < std::min(count, burst_)) return false;
  tokens_ -= count;
  return true;
}

Milliseconds TokenBucket::wait_for(double count, SteadyTime now) const {
  const double missing = std::min(count, burst_) - tokens_at(now);
  if (missing <= 0) return Milliseconds(0);
  return Milliseconds(static_cast<std::int64_t>(std::ceil(std::min(missing / rate_ * 1000, kLongestWaitMs))));
}

}  // namespace forebay
