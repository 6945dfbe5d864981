#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/lineage.h"
#include "base/result.h"
#include "gateway/delivery/object_builder.h"
#include "gateway/delivery/record.h"

namespace forebay::gateway::delivery {

/// What one cut made. Entries of a lane are objects of their own in the bucket, numbered from 0 without holes; an
/// object that no entry lists does not exist for a reader (D6). docs/formats/manifest.md.
struct ManifestEntry {
  struct Object {
    std::string key;
    std::uint64_t size = 0;
    std::string sha256;  ///< hex
    std::uint64_t records = 0;
    std::string partition;
    std::string error_type;
    friend bool operator==(const Object&, const Object&) = default;
  };
  /// Last sequence of an upload lane in the cut (D4): with all entries of a lane, a backup of what the gateway has
  /// taken.
  struct LaneMark {
    Lineage lineage;
    std::uint64_t last = 0;
    friend bool operator==(const LaneMark&, const LaneMark&) = default;
  };
  Cut cut;
  std::vector<Object> objects;
  std::vector<LaneMark> lanes;
  std::string previous;  ///< SHA-256 of the entry before, hex; empty for the first
  bool begins = false;   ///< see wire::manifest::Entry

  friend bool operator==(const ManifestEntry&, const ManifestEntry&);
};

/// Key of an entry: _forebay/manifest/DELIVERY/STREAM_ID/SHARD/TIMELINE/INDEX.json; a replay has its id before INDEX.
std::string manifest_key(const Cut& cut);
/// What all entries of a lane begin with.
std::string manifest_prefix(const SourceShard& source, std::string_view replay);
/// JSON, members in a fixed order, one line.
std::string encode(const ManifestEntry& entry);
/// Errors  corrupt: names the member.
Result<ManifestEntry> parse_manifest_entry(std::string_view text);

}  // namespace forebay::gateway::delivery
