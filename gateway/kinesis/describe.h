#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/kinesis/action.h"
#include "wire/kinesis/shapes/shard.h"
#include "wire/kinesis/shapes/stream_description.h"

/// Streams and shards in the shapes of the service.
namespace forebay::gateway::kinesis {

std::string arn_of(const Call& call, std::string_view stream);
std::string_view status_name(stream::StreamStatus status);
wire::kinesis::StreamModeDetails mode_details(stream::StreamMode mode);
wire::kinesis::Shard shard_shape(const stream::Shard& shard);
wire::kinesis::HashKeyRangeShape range_shape(const HashKeyRange& range);
wire::kinesis::StreamDescriptionSummary summary_shape(const Call& call, const stream::Stream& stream);
wire::kinesis::StreamSummary list_entry_shape(const Call& call, const stream::Stream& stream);
/// The shards a closed shard was split into or merged to.
std::vector<wire::kinesis::ChildShard> children_of(const stream::Stream& stream, stream::ShardNumber parent);

}  // namespace forebay::gateway::kinesis
