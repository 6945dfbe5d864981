#pragma once

#include <optional>
#include <vector>

#include "gateway/kinesis/action.h"

/// The limits per shard as calls meet them; without limits nothing happens here.
namespace forebay::gateway::kinesis {

/// Takes those records out of call.scratch.records that their shards have no room for.
/// Shape  per record the shard that refuses it, or empty; no entries at all when every record stays.
using RefusedRecords = std::vector<std::optional<stream::ShardNumber>>;
RefusedRecords throttle_records(Call& call, const stream::Stream& stream);

/// "Rate exceeded for shard shardId-000000000000 in stream S under account A."
wire::kinesis::Fault write_throttled(const Call& call, const stream::Stream& stream, stream::ShardNumber shard);

/// ProvisionedThroughputExceededException when the shard gives nothing now.
std::optional<wire::kinesis::Fault> throttle_read(const Call& call, const stream::Stream& stream,
                                                  stream::ShardNumber shard);
std::optional<wire::kinesis::Fault> throttle_iterator(const Call& call, const stream::Stream& stream,
                                                      stream::ShardNumber shard);
/// Tells the limits how much an answer gave.
void charge_read(const Call& call, const stream::Stream& stream, stream::ShardNumber shard, std::size_t bytes);

}  // namespace forebay::gateway::kinesis
