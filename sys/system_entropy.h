#pragma once

#include "base/entropy.h"

namespace forebay {

/// The kernel's random numbers; waits at early boot until they are seeded. Threads  any.
class SystemEntropy final : public Entropy {
 public:
  void fill(MutableBytes out) override;
};

}  // namespace forebay
