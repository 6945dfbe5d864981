#pragma once

#include <cstdint>
#include <map>

#include "base/metrics.h"

namespace forebay::gateway::delivery {

/// Memory that open objects hold, all lanes together. When it is spent, the lane that holds most of those that can be
/// cut is cut early, and the others take in nothing until it was.
/// Threads  the event loop.
class MemoryBudget {
 public:
  MemoryBudget(std::uint64_t bytes_max, Gauge& used) : bytes_max_(bytes_max), gauge_(used) {}

  /// `lane` is the address of whoever holds the bytes; 0 bytes takes it off the books.
  void report(const void* lane, std::uint64_t bytes);
  /// What the lane holds is on its way to the store: no cut of it frees memory, until it reports again.
  void is_leaving(const void* lane);
  [[nodiscard]] bool is_spent() const { return used_ > bytes_max_; }
  /// True when the lane has to cut now.
  [[nodiscard]] bool is_largest(const void* lane) const;
  [[nodiscard]] std::uint64_t used() const { return used_; }

 private:
  const std::uint64_t bytes_max_;
  Gauge& gauge_;
  std::uint64_t used_ = 0;
  struct Held {
    std::uint64_t bytes = 0;
    bool is_leaving = false;
  };
  std::map<const void*, Held> lanes_;
};

}  // namespace forebay::gateway::delivery
