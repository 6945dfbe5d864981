#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/lineage.h"
#include "base/result.h"
#include "base/units.h"

/// The manifest of a bucket as it is written and read (docs/formats/manifest.md): one small JSON object per cut,
/// chained in its lane. The gateway writes it, `forebay manifest` and readers of others read it.
namespace forebay::wire::manifest {

/// Value of the member "format".
inline constexpr std::string_view kFormat = "forebay.manifest/1";

/// One object that a cut made.
struct Object {
  std::string key;
  std::uint64_t size = 0;
  std::string sha256;  ///< of the stored bytes, 64 hex digits
  std::uint64_t records = 0;
  std::string partition;   ///< evaluated prefix of a dynamic partition; empty otherwise
  std::string error_type;  ///< processing-failed, ...; empty: data
  friend bool operator==(const Object&, const Object&) = default;
};

/// Last sequence of an upload lane in the cut.
struct LaneMark {
  Lineage lineage;
  std::uint64_t last = 0;
  friend bool operator==(const LaneMark&, const LaneMark&) = default;
};

/// What one cut made.
struct Entry {
  std::string account;
  std::string region;
  std::string delivery;
  std::string stream;
  std::uint64_t stream_id = 0;
  std::uint32_t shard = 0;
  WallTime shard_created;
  std::uint64_t timeline = 0;
  std::string replay;         ///< id of the replay this is part of; empty: live
  std::uint64_t index = 0;    ///< in its lane, from 0, without holes
  std::uint64_t version = 1;  ///< of the delivery stream's definition
  std::int64_t first = 0;     ///< offset of the first record in the shard
  std::int64_t last = 0;      ///< of the last one, not behind it
  WallTime oldest;            ///< arrival of the first record
  std::vector<Object> objects;
  std::vector<LaneMark> lanes;
  std::string previous;  ///< SHA-256 of the bytes of the entry before, 64 hex digits; empty for the first
  bool begins = false;  ///< goes on with entries of before: offsets between them and `first` were never for this bucket
  friend bool operator==(const Entry&, const Entry&) = default;
};

/// JSON, members in a fixed order, one line with its newline: what is stored, and what `previous` is the hash of.
std::string encode(const Entry& entry);
/// Members it does not know are left alone, so that later versions may add some.
/// Errors  corrupt: names the member; unsupported: another format, named.
Result<Entry> parse_entry(std::string_view text);

}  // namespace forebay::wire::manifest
