#pragma once

#include <algorithm>
#include <cstdint>

#include "base/units.h"

namespace forebay::gateway::delivery {

/// Bytes per second that the lanes of one replay may read together. Nothing is free: what was read is paid for before
/// it goes on, so that a replay of few bytes takes as long as its rate says.
/// Threads  the event loop.
class RateLimit {
 public:
  RateLimit(std::uint64_t bytes_per_second, SteadyTime now) : rate_(bytes_per_second), paid_(now) {}
  /// Takes note of bytes that were read. Result  the time from which on they may be used.
  SteadyTime use(std::uint64_t bytes, SteadyTime now) {
    const std::chrono::duration<double> time(static_cast<double>(bytes) / static_cast<double>(rate_));
    paid_ = std::max(paid_, now) + std::chrono::ceil<SteadyTime::duration>(std::min(time, kLongest));
    return paid_;
  }
  /// What one read should bring at most, so that the bytes come evenly.
  [[nodiscard]] std::size_t read_bytes(std::size_t usual) const { return std::min<std::uint64_t>(usual, rate_); }

 private:
  static constexpr std::chrono::duration<double> kLongest{86'400.0};  ///< of one read
  const std::uint64_t rate_;
  SteadyTime paid_;  ///< until then everything that was read is paid for
};

}  // namespace forebay::gateway::delivery
