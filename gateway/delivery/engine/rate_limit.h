#pragma once

#include <algorithm>
#include <cstdint>

#include "base/token_bucket.h"

namespace forebay::gateway::delivery {

/// Bytes per second that the lanes of one replay may read together.
/// Threads  the event loop.
class RateLimit {
 public:
  RateLimit(std::uint64_t bytes_per_second, SteadyTime now)
      : bucket_(static_cast<double>(bytes_per_second), static_cast<double>(bytes_per_second), now) {}
  /// How long to wait before the bytes may be used; zero: they are used now.
  Milliseconds take(std::uint64_t bytes, SteadyTime now) {
    const auto count = static_cast<double>(bytes);
    return bucket_.take(count, now) ? Milliseconds(0) : std::max(Milliseconds(1), bucket_.wait_for(count, now));
  }

 private:
  TokenBucket bucket_;
};

}  // namespace forebay::gateway::delivery
