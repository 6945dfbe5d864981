#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/hash_key.h"
#include "base/result.h"
#include "base/units.h"
#include "gateway/log/identifiers.h"

namespace forebay::gateway::log {

struct ShardDefinition {
  ShardNumber number;
  std::optional<ShardNumber> parent;
  std::optional<ShardNumber> adjacent_parent;
  HashKeyRange range;
  WallTime created;
  std::optional<WallTime> closed;
  friend bool operator==(const ShardDefinition&, const ShardDefinition&) = default;
};

/// Everything that decides where a stream's records go and how long they stay: one journal entry, one catalogue row.
struct StreamDefinition {
  StreamId id;
  std::string account;
  std::string name;
  std::uint8_t mode = 0;  ///< stream::StreamMode
  WallTime created;
  std::int32_t retention_hours = 24;
  std::uint64_t retention_bytes = 0;  ///< 0: by age only
  std::uint32_t record_bytes_max = 1024 * 1024;
  std::uint64_t map_version = 1;
  std::vector<ShardDefinition> shards;  ///< by number
  friend bool operator==(const StreamDefinition&, const StreamDefinition&) = default;
};

/// Ranges of a new stream: `count` equal parts, the last one takes the rest (kinesis 3.1).
std::vector<HashKeyRange> equal_ranges(std::uint32_t count);

void encode(const StreamDefinition& definition, Buffer& out);
/// Errors  corrupt: malformed; unsupported: a newer format.
Result<StreamDefinition> decode_definition(ByteView bytes);

}  // namespace forebay::gateway::log
