#include "gateway/delivery/engine/manifest_adoption.h"

#include <algorithm>

#include "base/digest.h"
#include "base/hex.h"
#include "gateway/delivery/manifest.h"
#include "wire/manifest/key.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::size_t kEntryBytesMax = 64u << 20;  // 5,000 partitions of 1,024-byte names fit many times

/// An entry with what its successor names it by.
struct ReadEntry {
  ManifestEntry entry;
  std::string key;
  std::string hash;
};

class Chain {
 public:
  Chain(ObjectStore& store, const SourceShard& source, const std::string& track, std::uint64_t timeline)
      : store_(store) {
    place_.source = source;
    place_.source.timeline = timeline;
    place_.replay = track;
  }

  /// Empty: it was not written yet.
  Result<std::optional<ReadEntry>> get(std::uint64_t index) {
    place_.index = index;
    ReadEntry read;
    read.key = manifest_key(place_);
    FB_TRY(const auto text, store_.get(read.key, kEntryBytesMax));
    if (!text) return std::optional<ReadEntry>();
    auto entry = parse_manifest_entry(as_text(*text));
    if (!entry) return std::move(entry).error().with_context(read.key);
    // A gateway that was restored makes shards of numbers that its earlier life gave to others.
    if (to_millis(entry->cut.source.shard_created) != to_millis(place_.source.shard_created))
      return Error{Errc::corrupt, read.key +
                                      " is about another shard of this number, made before this gateway was restored. "
                                      "Give the records of this stream a delivery stream of another name"};
    read.entry = *std::move(entry);
    read.hash = to_hex(sha256(*text));
    return std::optional(std::move(read));
  }

 private:
  ObjectStore& store_;
  Cut place_;
};

void add_marks(const ManifestEntry& entry, LaneMarks& marks) {
  for (const ManifestEntry::LaneMark& mark : entry.lanes) {
    std::uint64_t& last = marks[mark.lineage];
    last = std::max(last, mark.last);
  }
}

/// The first timeline behind `timeline` that has keys under the shard; 0: none has. One look skips a whole timeline.
Result<std::uint64_t> next_timeline(ObjectStore& store, SourceShard source, std::uint64_t timeline) {
  source.timeline = timeline;
  const std::string own = manifest_prefix(source, "");
  const std::string shard = own.substr(0, own.rfind('/', own.size() - 2) + 1);
  std::uint64_t next = 0;
  std::string after;
  for (;;) {
    FB_TRY(const auto found, store.list(shard, after, 1));
    if (found.empty()) return next;
    const auto place = wire::manifest::parse_entry_key(found.front().key);
    after = found.front().key;
    if (!place) continue;
    const std::uint64_t seen = place->lane.timeline;
    if (seen > timeline && (next == 0 || seen < next)) next = seen;
    after = shard + std::to_string(seen) + "0";  // '0' is the character behind '/'
  }
}

/// What lies before the checkpoint and yet behind the end of the log: the log is older than what the engine knows.
Result<void> look_back(Chain& chain, const LaneRow& lane, stream::Offset log_end, LaneMarks& marks) {
  for (std::uint64_t index = lane.next_index; index > 0; --index) {
    FB_TRY(const auto read, chain.get(index - 1));
    if (!read || read->entry.cut.last < log_end) return {};
    add_marks(read->entry, marks);
  }
  return {};
}

/// What other lives of this gateway delivered on this track under later timelines than the lane has known; the last of
/// these, 0 when there is none.
Result<std::uint64_t> read_later_lives(ObjectStore& store, const SourceShard& source, const LaneRow& lane,
                                       LaneMarks& marks) {
  std::uint64_t last = 0;
  for (std::uint64_t timeline = lane.timeline;;) {
    FB_TRY(timeline, next_timeline(store, source, timeline));
    if (timeline == 0) return last;
    Chain chain(store, source, lane.key.track, timeline);
    for (std::uint64_t index = 0;; ++index) {
      FB_TRY(const auto read, chain.get(index));
      if (!read) break;
      add_marks(read->entry, marks);
      last = timeline;
    }
  }
}

}  // namespace

BucketStay enter_bucket(LaneRow lane, std::optional<stream::Offset> log_end, const std::string& bucket,
                        stream::Offset shard_end) {
  if (lane.bucket == bucket) return {std::move(lane), log_end};
  if (!lane.bucket.empty()) {
    lane.next_index = 0;
    lane.previous.clear();
    log_end = std::min(log_end.value_or(lane.next), lane.next);
  } else if (!log_end && !lane.until) {
    log_end = shard_end;
  }
  if (lane.next_index == 0) lane.bucket_first = lane.next;
  lane.bucket = bucket;
  return {std::move(lane), log_end};
}

Result<Adoption> adopt_manifest(ObjectStore& store, const SourceShard& source, LaneRow lane,
                                std::optional<stream::Offset> log_end) {
  Adoption adoption;
  LaneMarks marks;
  Chain chain(store, source, lane.key.track, lane.timeline);
  bool is_restored = log_end && lane.next > *log_end;
  if (is_restored) FB_CHECK(look_back(chain, lane, *log_end, marks));
  for (;;) {
    FB_TRY(const auto read, chain.get(lane.next_index));
    if (!read) break;
    if (!lane.previous.empty() && read->entry.previous != lane.previous)
      return Error{Errc::corrupt, read->key +
                                      " does not continue the entry this gateway wrote before it: the bucket holds "
                                      "the manifest of another gateway. Give this delivery stream its own bucket"};
    lane.next = std::max(lane.next, read->entry.cut.last + 1);
    lane.previous = read->hash;
    ++lane.next_index;
    if (!log_end || read->entry.cut.last < *log_end) continue;
    is_restored = true;
    add_marks(read->entry, marks);
  }
  std::uint64_t last_life = 0;
  if (log_end) {
    FB_TRY(last_life, read_later_lives(store, source, lane, marks));
  }
  if (is_restored || last_life != 0) {
    adoption.timeline = std::max(lane.timeline, last_life) + 1;
    adoption.delivered = std::move(marks);
    lane.next = std::min(lane.next, *log_end);
  }
  adoption.lane = std::move(lane);
  return adoption;
}

}  // namespace forebay::gateway::delivery
