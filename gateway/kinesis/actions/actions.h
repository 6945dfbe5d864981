#pragma once

#include "gateway/kinesis/action.h"

/// One function per call, each in the file of its name.
namespace forebay::gateway::kinesis {

Task<Reply> create_channel(Call& call);
Task<Reply> create_stream(Call& call);
Task<Reply> decrease_stream_retention_period(Call& call);
Task<Reply> delete_channel(Call& call);
Task<Reply> delete_stream(Call& call);
Task<Reply> deregister_stream_consumer(Call& call);
Task<Reply> describe_channel(Call& call);
Task<Reply> describe_limits(Call& call);
Task<Reply> describe_stream(Call& call);
Task<Reply> describe_stream_consumer(Call& call);
Task<Reply> describe_stream_summary(Call& call);
Task<Reply> get_records(Call& call);
Task<Reply> get_shard_iterator(Call& call);
Task<Reply> increase_stream_retention_period(Call& call);
Task<Reply> list_channels(Call& call);
Task<Reply> list_shards(Call& call);
Task<Reply> list_stream_consumers(Call& call);
Task<Reply> list_streams(Call& call);
Task<Reply> merge_shards(Call& call);
Task<Reply> put_record(Call& call);
Task<Reply> put_records(Call& call);
Task<Reply> register_stream_consumer(Call& call);
Task<Reply> split_shard(Call& call);
Task<Reply> subscribe_to_shard(Call& call);
Task<Reply> update_channel(Call& call);
Task<Reply> update_shard_count(Call& call);

}  // namespace forebay::gateway::kinesis
