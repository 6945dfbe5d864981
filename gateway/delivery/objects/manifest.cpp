#include "gateway/delivery/manifest.h"

#include "wire/manifest/entry.h"
#include "wire/manifest/key.h"

namespace forebay::gateway::delivery {
namespace {

wire::manifest::Lane lane_of(const SourceShard& source, std::string_view replay) {
  return {source.delivery, source.stream_id.value(), source.shard.value(), source.timeline, std::string(replay)};
}

wire::manifest::Entry to_wire(const ManifestEntry& entry) {
  const Cut& cut = entry.cut;
  const SourceShard& source = cut.source;
  wire::manifest::Entry out;
  out.account = source.account;
  out.region = source.region;
  out.delivery = source.delivery;
  out.stream = source.stream;
  out.stream_id = source.stream_id.value();
  out.shard = source.shard.value();
  out.shard_created = source.shard_created;
  out.timeline = source.timeline;
  out.replay = cut.replay;
  out.index = cut.index;
  out.version = cut.version;
  out.first = cut.first.value();
  out.last = cut.last.value();
  out.oldest = cut.oldest;
  for (const auto& o : entry.objects)
    out.objects.push_back({o.key, o.size, o.sha256, o.records, o.partition, o.error_type});
  for (const auto& lane : entry.lanes) out.lanes.push_back({lane.lineage, lane.last});
  out.previous = entry.previous;
  out.begins = entry.begins;
  return out;
}

ManifestEntry from_wire(const wire::manifest::Entry& entry) {
  ManifestEntry out;
  out.cut.source = {entry.account,
                    entry.region,
                    entry.delivery,
                    entry.stream,
                    stream::StreamId(entry.stream_id),
                    stream::ShardNumber(entry.shard),
                    entry.shard_created,
                    entry.timeline};
  out.cut.index = entry.index;
  out.cut.version = entry.version;
  out.cut.first = stream::Offset(entry.first);
  out.cut.last = stream::Offset(entry.last);
  out.cut.oldest = entry.oldest;
  out.cut.replay = entry.replay;
  for (const auto& o : entry.objects)
    out.objects.push_back({o.key, o.size, o.sha256, o.records, o.partition, o.error_type});
  for (const auto& lane : entry.lanes) out.lanes.push_back({lane.lineage, lane.last});
  out.previous = entry.previous;
  out.begins = entry.begins;
  return out;
}

}  // namespace

bool operator==(const ManifestEntry& a, const ManifestEntry& b) { return to_wire(a) == to_wire(b); }

std::string manifest_prefix(const SourceShard& source, std::string_view replay) {
  return wire::manifest::lane_prefix(lane_of(source, replay));
}

std::string manifest_key(const Cut& cut) {
  return wire::manifest::entry_key(lane_of(cut.source, cut.replay), cut.index);
}

std::string encode(const ManifestEntry& entry) { return wire::manifest::encode(to_wire(entry)); }

Result<ManifestEntry> parse_manifest_entry(std::string_view text) {
  FB_TRY(const auto entry, wire::manifest::parse_entry(text));
  return from_wire(entry);
}

}  // namespace forebay::gateway::delivery
