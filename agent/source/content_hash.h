#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace forebay::agent {

/// 64-bit hash of a growing run of bytes that can be stored and continued. The result depends on the bytes only, not on
/// how they were cut into pieces or on the machine. Not against an adversary.
class ContentHash {
 public:
  void update(ByteView bytes);
  [[nodiscard]] std::uint64_t value() const;
  [[nodiscard]] std::uint64_t length() const { return length_; }

  /// State in 24 bytes.
  void encode(Buffer& out) const;
  static ContentHash decode(ByteView state);
  static constexpr std::size_t kStateSize = 24;

 private:
  std::uint64_t state_ = 0;
  std::uint64_t pending_ = 0;  // the last length_ % 8 bytes, little-endian
  std::uint64_t length_ = 0;
};

std::uint64_t content_hash(ByteView bytes);

}  // namespace forebay::agent
