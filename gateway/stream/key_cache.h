#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/hash_key.h"

namespace forebay::gateway::stream {

/// Remembers the hash keys of partition keys seen lately (MD5 would otherwise be a tenth of the cost of a put). Fixed
/// size: two keys per place, a newer one replaces the older. Memory is touched as keys come, at most 2 MiB.
/// Threads  owner only.
class KeyCache {
 public:
  HashKey hash(std::string_view key);

 private:
  static constexpr std::size_t kPlaces = 16'384;
  static constexpr std::size_t kKeyBytesMax = 47;
  struct Slot {
    HashKey hash;
    std::uint8_t size;  ///< 0: empty
    std::array<char, kKeyBytesMax> key;
  };
  static_assert(sizeof(Slot) == 64);
  struct FreePages {
    void operator()(Slot* slots) const;
  };
  static bool holds(const Slot& slot, std::string_view key);

  std::unique_ptr<Slot[], FreePages> slots_;  ///< two per place, the newer one first
};

}  // namespace forebay::gateway::stream
