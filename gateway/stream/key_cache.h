#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/hash_key.h"

namespace forebay::gateway::stream {

/// Remembers the hash keys of partition keys seen lately (MD5 would otherwise be a third of the cost of a put). Fixed
/// size: one key per slot, a newer one replaces it. About 400 KiB once used.
/// Threads  owner only.
class KeyCache {
 public:
  HashKey hash(std::string_view key);

 private:
  static constexpr std::size_t kSlots = 4096;
  static constexpr std::size_t kKeyBytesMax = 79;
  struct Slot {
    HashKey hash;
    std::uint8_t size = 0;  ///< 0: empty
    std::array<char, kKeyBytesMax> key;
  };
  std::unique_ptr<Slot[]> slots_;
};

}  // namespace forebay::gateway::stream
