#pragma once

#include <cstring>
#include <memory>
#include <string_view>

#include "base/hash_key.h"

namespace forebay::gateway::upload {

/// Remembers the hash keys of partition keys, and that those keys were well-formed: fleets repeat their keys, and MD5
/// is the dearest step per record (performance A.3). Direct-mapped and of fixed size; keys over kKeyBytesMax are not
/// kept. Threads  one event loop.
class KeyHashCache {
 public:
  static constexpr std::size_t kKeyBytesMax = 47;

  /// Null when the key is not known; valid until the next put().
  [[nodiscard]] const HashKey* find(std::string_view key) {
    if (!slots_ || key.empty() || key.size() > kKeyBytesMax) return nullptr;  // a free slot has the size of no key
    const Slot& slot = slots_[index_of(key)];
    const bool same = slot.size == key.size() && std::memcmp(slot.key, key.data(), key.size()) == 0;
    return same ? &slot.hash : nullptr;
  }
  void put(std::string_view key, HashKey hash) {
    if (key.size() > kKeyBytesMax || key.empty()) return;
    if (!slots_) slots_ = std::make_unique<Slot[]>(kSlots);
    Slot& slot = slots_[index_of(key)];
    slot.size = static_cast<std::uint8_t>(key.size());
    std::memcpy(slot.key, key.data(), key.size());
    slot.hash = hash;
  }

 private:
  static constexpr std::size_t kSlots = 16384;
  struct Slot {
    HashKey hash;
    std::uint8_t size = 0;
    char key[kKeyBytesMax];
  };
  static_assert(sizeof(Slot) == 64);

  static std::size_t index_of(std::string_view key) { return std::hash<std::string_view>()(key) & (kSlots - 1); }

  std::unique_ptr<Slot[]> slots_;
};

}  // namespace forebay::gateway::upload
