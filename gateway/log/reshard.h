#pragma once

#include <span>
#include <variant>

#include "gateway/log/shards_change.h"

namespace forebay::gateway::log {

/// One shard becomes two: [start, new_start - 1] gets the lower new number, [new_start, end] the higher.
struct SplitShard {
  ShardNumber shard;
  HashKey new_start;
};
/// Two neighbours become one; `lower` has the lower hash keys.
struct MergeShards {
  ShardNumber lower;
  ShardNumber upper;
};
/// As many equal shards, by splits and merges through intermediate shards.
struct ScaleShards {
  std::uint32_t count = 0;
};
using Reshard = std::variant<SplitShard, MergeShards, ScaleShards>;

/// What has to be written to the journal so that the wish comes true; the ends of the closed shards are the caller's to
/// fill in. All shards it closes close at `now`, which must not lie before any record.
/// Errors  not_found: no such shard; conflict: the shard is closed already; invalid_argument: the key lies outside the
///         shard, the shards are no neighbours, or the count is zero.
Result<ShardsChange> plan_reshard(const StreamDefinition& definition, const Reshard& wish, WallTime now);

/// Open shards of a definition by hash key; they tile the whole space.
std::vector<const ShardDefinition*> open_shards(const StreamDefinition& definition);

}  // namespace forebay::gateway::log
