#pragma once

#include <string>

#include "gateway/kinesis/stream_lookup.h"

/// What SplitShard, MergeShards and UpdateShardCount have in common.
namespace forebay::gateway::kinesis {

/// The stream such a call means. Fault  as find_stream; ValidationException: it is in on-demand mode;
/// ResourceInUseException: it is not ACTIVE.
StreamOrFault find_reshardable(Call& call, const std::optional<std::string>& name,
                               const std::optional<std::string>& arn);

using ShardOrFault = std::variant<std::shared_ptr<const stream::Shard>, wire::kinesis::Fault>;
/// An open shard of the stream. Fault  ResourceNotFoundException; InvalidArgumentException: it is closed.
ShardOrFault find_open_shard(const Call& call, const stream::Stream& stream, const std::string& shard_id);

/// Fault  LimitExceededException: `additional` more shards are over the account's limit.
std::optional<wire::kinesis::Fault> check_shard_quota(const Call& call, std::uint64_t additional);

/// "shardId-000000000001 in stream S under account A"
std::string shard_in_stream(const Call& call, const stream::Stream& stream, stream::ShardNumber shard);

/// The closed-shard fault, also for a call that lost a race against another one.
wire::kinesis::Fault already_resharded(const Call& call, const stream::Stream& stream, stream::ShardNumber shard);

/// Another failure of the change itself.
wire::kinesis::Fault reshard_fault(const Call& call, const stream::Stream& stream, const Error& error);

}  // namespace forebay::gateway::kinesis
