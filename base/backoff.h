#pragma once

#include <cstdint>

#include "base/units.h"

namespace forebay {

struct BackoffOptions {
  Milliseconds first{500};
  Milliseconds max{60'000};
};

/// Waits between attempts: each is a random part of a bound that doubles, so that many clients spread out. Pure.
class Backoff {
 public:
  explicit Backoff(BackoffOptions options = {}) : options_(options) {}

  /// The wait before the next attempt, between 1 ms and the present bound; `random` is any number from Entropy.
  Milliseconds next(std::uint64_t random);
  /// After a success.
  void reset() { failures_ = 0; }
  [[nodiscard]] std::uint32_t failures() const { return failures_; }

 private:
  BackoffOptions options_;
  std::uint32_t failures_ = 0;
};

}  // namespace forebay
