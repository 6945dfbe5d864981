#include "gateway/kinesis/action_table.h"

#include <algorithm>

#include "gateway/kinesis/actions/actions.h"

namespace forebay::gateway::kinesis {

namespace {
constexpr std::string_view kNoChannels =
    "no channels: making one gives InvalidArgumentException, any other call about one ResourceNotFoundException";

constexpr Action kActions[] = {
    {"CreateChannel", Permission::admin, create_channel, kNoChannels, true},
    {"CreateStream", Permission::admin, create_stream},
    {"DecreaseStreamRetentionPeriod", Permission::admin, decrease_stream_retention_period},
    {"DeleteChannel", Permission::admin, delete_channel, kNoChannels, true},
    {"DeleteStream", Permission::admin, delete_stream},
    {"DeregisterStreamConsumer", Permission::admin, deregister_stream_consumer},
    {"DescribeChannel", Permission::read, describe_channel, kNoChannels, true},
    {"DescribeLimits", Permission::read, describe_limits},
    {"DescribeStream", Permission::read, describe_stream},
    {"DescribeStreamConsumer", Permission::read, describe_stream_consumer},
    {"DescribeStreamSummary", Permission::read, describe_stream_summary},
    {"GetRecords", Permission::read, get_records},
    {"GetShardIterator", Permission::read, get_shard_iterator},
    {"IncreaseStreamRetentionPeriod", Permission::admin, increase_stream_retention_period},
    {"ListChannels", Permission::read, list_channels, "the list is always empty"},
    {"ListShards", Permission::read, list_shards},
    {"ListStreamConsumers", Permission::read, list_stream_consumers},
    {"ListStreams", Permission::read, list_streams},
    {"MergeShards", Permission::admin, merge_shards, "done when the call returns; the stream is never seen UPDATING"},
    {"PutRecord", Permission::write, put_record},
    {"PutRecords", Permission::write, put_records},
    {"RegisterStreamConsumer", Permission::admin, register_stream_consumer},
    {"SplitShard", Permission::admin, split_shard, "done when the call returns; the stream is never seen UPDATING"},
    {"SubscribeToShard", Permission::read, subscribe_to_shard,
     "an event holds at most 512 KiB of JSON; one larger record goes alone", false, true},
    {"UpdateChannel", Permission::admin, update_channel, kNoChannels, true},
    {"UpdateShardCount", Permission::admin, update_shard_count,
     "done when the call returns; the stream is never seen UPDATING"},
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
