#pragma once

#include <mutex>
#include <random>

#include "base/entropy.h"

namespace forebay::test {

/// The same bytes for the same seed, everywhere. Threads  any.
class SeededEntropy final : public Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed) : engine_(seed) {}

  void fill(MutableBytes out) override {
    std::lock_guard lock(mutex_);
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(engine_() >> 24);
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

}  // namespace forebay::test
