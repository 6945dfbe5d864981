#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "producer.h"

namespace kload {

/// Which records a run of put had acknowledged, and which of them were seen again.
/// Threads  see(): any.
class Manifest {
 public:
  void load(const std::string& path);
  [[nodiscard]] bool loaded() const { return !acked_.empty(); }
  [[nodiscard]] std::uint32_t run() const { return run_; }
  [[nodiscard]] std::size_t producers() const { return acked_.size(); }
  [[nodiscard]] std::uint64_t expected() const;
  /// True when this record was seen before.
  bool see(unsigned producer, std::uint64_t sequence) {
    auto& seen = seen_[producer];
    return sequence < seen.size() && seen[sequence].fetch_add(1, std::memory_order_relaxed) > 0;
  }
  [[nodiscard]] std::uint64_t missing() const;

 private:
  std::uint32_t run_ = 0;
  std::vector<std::vector<Range>> acked_;
  std::vector<std::vector<std::atomic<std::uint8_t>>> seen_;
};

}  // namespace kload
