#pragma once

#include "base/byte_reader.h"
#include "base/bytes.h"

namespace forebay {

/// Random numbers as a parameter: the system's in programs, seeded ones in tests.
/// Threads  any.
class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual void fill(MutableBytes out) = 0;

  std::uint64_t next_u64() {
    std::uint8_t raw[8];
    fill(raw);
    return ByteReader(raw).u64_le();
  }
};

}  // namespace forebay
