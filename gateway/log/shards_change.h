#pragma once

#include <memory>
#include <vector>

#include "gateway/log/directory.h"

namespace forebay::gateway::log {

/// One change of a stream's shard map as the journal holds it: the end of the parents and their children in one entry, or
/// the leaving of shards whose retention is over. Applied to a map that contains it already, it changes nothing.
struct ShardsChange {
  struct Close {
    ShardNumber shard;
    WallTime at;
    Offset end;  ///< no record at or after it ever belongs to the shard
    friend bool operator==(const Close&, const Close&) = default;
  };
  StreamId stream;
  std::uint64_t map_version = 0;  ///< of the map with the change
  std::vector<Close> closed;
  std::vector<ShardDefinition> created;  ///< by number, above all earlier ones; an intermediate shard is closed already
  std::vector<ShardNumber> expired;
  friend bool operator==(const ShardsChange&, const ShardsChange&) = default;
};

void encode(const ShardsChange& change, Buffer& out);
/// Errors  corrupt: malformed; unsupported: a newer format.
Result<ShardsChange> decode_shards_change(ByteView bytes);

/// The stream with the change. Shards that stay keep their views; new ones get an empty one.
std::shared_ptr<StreamLog> with_change(const StreamLog& stream, const ShardsChange& change,
                                       const std::shared_ptr<TailBudget>& budget);

/// Views of `before` that `after` does not have.
std::vector<std::shared_ptr<ShardView>> views_gone(const StreamLog& before, const StreamLog& after);

}  // namespace forebay::gateway::log
