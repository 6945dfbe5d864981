#include "gateway/kinesis/action_table.h"

#include <algorithm>

#include "gateway/kinesis/actions/actions.h"

namespace forebay::gateway::kinesis {

namespace {
constexpr std::string_view kNoChannels =
    "no channels: making one gives InvalidArgumentException, any other call about one ResourceNotFoundException";

constexpr Action kActions[] = {
    {"AddTagsToStream", Permission::admin, add_tags_to_stream},
    {"CreateChannel", Permission::admin, create_channel, kNoChannels, true},
    {"CreateStream", Permission::admin, create_stream},
    {"DecreaseStreamRetentionPeriod", Permission::admin, decrease_stream_retention_period},
    {"DeleteChannel", Permission::admin, delete_channel, kNoChannels, true},
    {"DeleteResourcePolicy", Permission::admin, delete_resource_policy},
    {"DeleteStream", Permission::admin, delete_stream},
    {"DeregisterStreamConsumer", Permission::admin, deregister_stream_consumer},
    {"DescribeAccountSettings", Permission::read, describe_account_settings},
    {"DescribeChannel", Permission::read, describe_channel, kNoChannels, true},
    {"DescribeLimits", Permission::read, describe_limits},
    {"DescribeStream", Permission::read, describe_stream},
    {"DescribeStreamConsumer", Permission::read, describe_stream_consumer},
    {"DescribeStreamSummary", Permission::read, describe_stream_summary},
    {"DisableEnhancedMonitoring", Permission::admin, disable_enhanced_monitoring},
    {"EnableEnhancedMonitoring", Permission::admin, enable_enhanced_monitoring,
     "the metrics are series of `/metrics` (docs/METRICS.md), not of CloudWatch"},
    {"GetRecords", Permission::read, get_records},
    {"GetResourcePolicy", Permission::read, get_resource_policy},
    {"GetShardIterator", Permission::read, get_shard_iterator},
    {"IncreaseStreamRetentionPeriod", Permission::admin, increase_stream_retention_period},
    {"ListChannels", Permission::read, list_channels, "the list is always empty"},
    {"ListShards", Permission::read, list_shards},
    {"ListStreamConsumers", Permission::read, list_stream_consumers},
    {"ListStreams", Permission::read, list_streams},
    {"ListTagsForResource", Permission::read, list_tags_for_resource},
    {"ListTagsForStream", Permission::read, list_tags_for_stream},
    {"MergeShards", Permission::admin, merge_shards},
    {"PutRecord", Permission::write, put_record},
    {"PutRecords", Permission::write, put_records},
    {"PutResourcePolicy", Permission::admin, put_resource_policy,
     "Condition, NotPrincipal, NotAction and NotResource never allow; a key of the own account needs its own policy too"},
    {"RegisterStreamConsumer", Permission::admin, register_stream_consumer},
    {"RemoveTagsFromStream", Permission::admin, remove_tags_from_stream},
    {"SplitShard", Permission::admin, split_shard},
    {"StartStreamEncryption", Permission::admin, start_stream_encryption,
     "KeyId is a name of the gateway's configuration (docs/ENCRYPTION.md)"},
    {"StopStreamEncryption", Permission::admin, stop_stream_encryption},
    {"SubscribeToShard", Permission::read, subscribe_to_shard,
     "an event holds at most 512 KiB of JSON; one larger record goes alone", false, true},
    {"TagResource", Permission::admin, tag_resource},
    {"UntagResource", Permission::admin, untag_resource},
    {"UpdateAccountSettings", Permission::admin, update_account_settings, "the setting is kept; nothing is billed"},
    {"UpdateChannel", Permission::admin, update_channel, kNoChannels, true},
    {"UpdateMaxRecordSize", Permission::admin, update_max_record_size},
    {"UpdateShardCount", Permission::admin, update_shard_count},
    {"UpdateStreamMode", Permission::admin, update_stream_mode},
    {"UpdateStreamRecordDistributionStrategy", Permission::admin, update_stream_record_distribution_strategy,
     "only USER_PARTITION_KEY; AUTO gives InvalidArgumentException"},
    {"UpdateStreamWarmThroughput", Permission::admin, update_stream_warm_throughput, "one shard stands for 1 MiB/s"},
};
static_assert(std::is_sorted(std::begin(kActions), std::end(kActions),
                             [](const Action& a, const Action& b) { return a.name < b.name; }));
}  // namespace

std::span<const Action> action_table() { return kActions; }

const Action* find_action(std::string_view name) {
  const auto* found =
      std::lower_bound(std::begin(kActions), std::end(kActions), name,
                       [](const Action& action, std::string_view wanted) { return action.name < wanted; });
  return found != std::end(kActions) && found->name == name ? found : nullptr;
}

}  // namespace forebay::gateway::kinesis
