#pragma once

#include <cstdlib>
#include <functional>
#include <string>
#include <unordered_set>

#include "tests/support/memory_file_system.h"

namespace forebay::test {

/// Number of traces: `usual`, or the value of FOREBAY_CRASH_TRACES for longer runs.
inline std::uint64_t trace_count(std::uint64_t usual) {
  const char* text = std::getenv("FOREBAY_CRASH_TRACES");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : usual;
}
/// First seed, from FOREBAY_CRASH_SEED: another night, other traces.
inline std::uint64_t first_seed() {
  const char* text = std::getenv("FOREBAY_CRASH_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : 1;
}

/// Builds the crash images of a disk at the places it is asked to and keeps every state it has not seen.
class CrashExplorer {
 public:
  using Check = std::function<void(MemoryFileSystem& image, const CrashPlan& plan)>;

  /// Images of `disk` now; each distinct one is checked. `share` of 100 plans are tried, by seed.
  void explore(const MemoryFileSystem& disk, std::uint64_t seed, unsigned share, const Check& check) {
    std::mt19937_64 random(seed);
    for (const CrashPlan& plan : disk.crash_plans(seed, 2)) {
      if (random() % 100 >= share) continue;
      auto image = disk.crash(plan);
      ++images_;
      if (!seen_.insert(image->durable_hash()).second) continue;
      check(*image, plan);
    }
  }
  /// Counts one state that was made by hand. False when it was seen before.
  bool note(const MemoryFileSystem& image) {
    ++images_;
    return seen_.insert(image.durable_hash()).second;
  }

  [[nodiscard]] std::size_t distinct() const { return seen_.size(); }
  [[nodiscard]] std::uint64_t images() const { return images_; }

 private:
  std::unordered_set<std::uint64_t> seen_;
  std::uint64_t images_ = 0;
};

}  // namespace forebay::test
