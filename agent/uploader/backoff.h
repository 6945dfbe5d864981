#pragma once

#include <algorithm>

#include "base/entropy.h"
#include "base/units.h"

namespace forebay::agent {

/// Exponential back-off with full jitter: the n-th wait is evenly spread over 0 .. min(cap, first * 2^n). Pure.
class Backoff {
 public:
  Backoff(Milliseconds first, Milliseconds cap) : first_(first), cap_(cap) {}

  Milliseconds next(Entropy& entropy) {
    const std::int64_t window = std::min(cap_.count(), first_.count() << std::min(attempts_, 20u));
    ++attempts_;
    return Milliseconds(static_cast<std::int64_t>(entropy.next_u64() % static_cast<std::uint64_t>(window + 1)));
  }
  void reset() { attempts_ = 0; }
  [[nodiscard]] unsigned attempts() const { return attempts_; }

 private:
  Milliseconds first_;
  Milliseconds cap_;
  unsigned attempts_ = 0;
};

}  // namespace forebay::agent
