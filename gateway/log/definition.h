#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
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

/// When a shard began to take records: the moment its parents closed. Its `created` lies up to a second later per
/// generation, so that the sequence numbers of children lie behind those of their parents (kinesis 3.4).
WallTime opened_at(const StreamDefinition& definition, const ShardDefinition& shard);

void encode(const ShardDefinition& shard, ByteWriter& writer);
/// Malformed bytes fail the reader.
ShardDefinition decode_shard(ByteReader& reader);
void encode(const StreamDefinition& definition, Buffer& out);
/// Errors  corrupt: malformed; unsupported: a newer format.
Result<StreamDefinition> decode_definition(ByteView bytes);

}  // namespace forebay::gateway::log
