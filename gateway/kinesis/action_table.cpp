#include "gateway/kinesis/action_table.h"

#include <algorithm>

#include "gateway/kinesis/actions/actions.h"

namespace forebay::gateway::kinesis {

namespace {
constexpr Action kActions[] = {
    {"CreateStream", Permission::admin, create_stream},
    {"DecreaseStreamRetentionPeriod", Permission::admin, decrease_stream_retention_period},
    {"DeleteStream", Permission::admin, delete_stream},
    {"DescribeLimits", Permission::read, describe_limits},
    {"DescribeStream", Permission::read, describe_stream},
    {"DescribeStreamSummary", Permission::read, describe_stream_summary},
    {"GetRecords", Permission::read, get_records},
    {"GetShardIterator", Permission::read, get_shard_iterator},
    {"IncreaseStreamRetentionPeriod", Permission::admin, increase_stream_retention_period},
    {"ListShards", Permission::read, list_shards},
    {"ListStreams", Permission::read, list_streams},
    {"MergeShards", Permission::admin, merge_shards, "done when the call returns; the stream is never seen UPDATING"},
    {"PutRecord", Permission::write, put_record},
    {"PutRecords", Permission::write, put_records},
    {"SplitShard", Permission::admin, split_shard, "done when the call returns; the stream is never seen UPDATING"},
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
