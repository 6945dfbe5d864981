#pragma once

#include "gateway/kinesis/action.h"

/// One function per call, each in the file of its name.
namespace forebay::gateway::kinesis {

Task<Reply> add_tags_to_stream(Call& call);
Task<Reply> create_channel(Call& call);
Task<Reply> create_stream(Call& call);
Task<Reply> decrease_stream_retention_period(Call& call);
Task<Reply> delete_channel(Call& call);
Task<Reply> delete_resource_policy(Call& call);
Task<Reply> delete_stream(Call& call);
Task<Reply> deregister_stream_consumer(Call& call);
Task<Reply> describe_account_settings(Call& call);
Task<Reply> describe_channel(Call& call);
Task<Reply> describe_limits(Call& call);
Task<Reply> describe_stream(Call& call);
Task<Reply> describe_stream_consumer(Call& call);
Task<Reply> describe_stream_summary(Call& call);
Task<Reply> disable_enhanced_monitoring(Call& call);
Task<Reply> enable_enhanced_monitoring(Call& call);
Task<Reply> get_records(Call& call);
Task<Reply> get_resource_policy(Call& call);
Task<Reply> get_shard_iterator(Call& call);
Task<Reply> increase_stream_retention_period(Call& call);
Task<Reply> list_channels(Call& call);
Task<Reply> list_shards(Call& call);
Task<Reply> list_stream_consumers(Call& call);
Task<Reply> list_streams(Call& call);
Task<Reply> list_tags_for_resource(Call& call);
Task<Reply> list_tags_for_stream(Call& call);
Task<Reply> merge_shards(Call& call);
Task<Reply> put_record(Call& call);
Task<Reply> put_records(Call& call);
Task<Reply> put_resource_policy(Call& call);
Task<Reply> register_stream_consumer(Call& call);
Task<Reply> remove_tags_from_stream(Call& call);
Task<Reply> split_shard(Call& call);
Task<Reply> start_stream_encryption(Call& call);
Task<Reply> stop_stream_encryption(Call& call);
Task<Reply> subscribe_to_shard(Call& call);
Task<Reply> tag_resource(Call& call);
Task<Reply> untag_resource(Call& call);
Task<Reply> update_account_settings(Call& call);
Task<Reply> update_channel(Call& call);
Task<Reply> update_max_record_size(Call& call);
Task<Reply> update_shard_count(Call& call);
Task<Reply> update_stream_mode(Call& call);
Task<Reply> update_stream_record_distribution_strategy(Call& call);
Task<Reply> update_stream_warm_throughput(Call& call);

}  // namespace forebay::gateway::kinesis
