#include "gateway/stream/key_cache.h"

#include <cstring>
#include <functional>

namespace forebay::gateway::stream {

HashKey KeyCache::hash(std::string_view key) {
  if (key.empty() || key.size() > kKeyBytesMax) return hash_key_of(key);
  if (!slots_) slots_ = std::make_unique<Slot[]>(kSlots);
  Slot& slot = slots_[std::hash<std::string_view>()(key) % kSlots];
  if (slot.size == key.size() && std::memcmp(slot.key.data(), key.data(), key.size()) == 0) return slot.hash;
  slot.hash = hash_key_of(key);
  slot.size = static_cast<std::uint8_t>(key.size());
  std::memcpy(slot.key.data(), key.data(), key.size());
  return slot.hash;
}

}  // namespace forebay::gateway::stream
