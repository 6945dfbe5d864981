#include "gateway/stream/key_cache.h"

#include <cstdlib>
#include <cstring>
#include <functional>
#include <utility>

#include "base/assert.h"

namespace forebay::gateway::stream {

void KeyCache::FreePages::operator()(Slot* slots) const { std::free(slots); }

bool KeyCache::holds(const Slot& slot, std::string_view key) {
  return slot.size == key.size() && std::memcmp(slot.key.data(), key.data(), key.size()) == 0;
}

HashKey KeyCache::hash(std::string_view key) {
  if (key.empty() || key.size() > kKeyBytesMax) return hash_key_of(key);
  if (!slots_) {
    // Zeroed by the system page by page, as keys touch them.
    slots_.reset(static_cast<Slot*>(std::calloc(2 * kPlaces, sizeof(Slot))));
    FB_ASSERT(slots_ != nullptr);
  }
  Slot* place = slots_.get() + 2 * (std::hash<std::string_view>()(key) % kPlaces);
  if (holds(place[0], key)) return place[0].hash;
  if (holds(place[1], key)) return place[1].hash;
  place[1] = place[0];
  place[0].hash = hash_key_of(key);
  place[0].size = static_cast<std::uint8_t>(key.size());
  std::memcpy(place[0].key.data(), key.data(), key.size());
  return place[0].hash;
}

}  // namespace forebay::gateway::stream
