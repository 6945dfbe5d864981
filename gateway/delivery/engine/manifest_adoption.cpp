#include "gateway/delivery/engine/manifest_adoption.h"

#include <algorithm>

#include "base/digest.h"
#include "gateway/delivery/manifest.h"

namespace forebay::gateway::delivery {
namespace {
constexpr std::size_t kEntryBytesMax = 64u << 20;  // 5,000 partitions of 1,024-byte names fit many times
}

Result<LaneRow> adopt_manifest(ObjectStore& store, const SourceShard& source, LaneRow lane) {
  Cut place;
  place.source = source;
  place.source.timeline = lane.timeline;
  place.replay = lane.key.track;
  for (;;) {
    place.index = lane.next_index;
    const std::string key = manifest_key(place);
    FB_TRY(const auto text, store.get(key, kEntryBytesMax));
    if (!text) return lane;
    auto entry = parse_manifest_entry(as_text(*text));
    if (!entry) return std::move(entry).error().with_context(key);
    if (!lane.previous.empty() && entry->previous != lane.previous)
      return Error{Errc::corrupt, key +
                                      " does not continue the entry this gateway wrote before it: the bucket holds "
                                      "the manifest of another gateway. Give this delivery stream its own bucket"};
    lane.next = std::max(lane.next, entry->cut.last + 1);
    lane.previous = to_hex(sha256(*text));
    ++lane.next_index;
  }
}

}  // namespace forebay::gateway::delivery
