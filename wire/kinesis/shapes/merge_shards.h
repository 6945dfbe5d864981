#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct MergeShardsRequest {
  static constexpr std::string_view kShape = "MergeShardsRequest";
  std::optional<std::string> stream_name;
  std::optional<std::string> shard_to_merge;
  std::optional<std::string> adjacent_shard_to_merge;
  std::optional<std::string> stream_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamName, self.stream_name);
    visit(rules::kShardId.named("ShardToMerge").as_required(), self.shard_to_merge);
    visit(rules::kShardId.named("AdjacentShardToMerge").as_required(), self.adjacent_shard_to_merge);
    visit(rules::kStreamArn, self.stream_arn);
  }
  friend bool operator==(const MergeShardsRequest&, const MergeShardsRequest&) = default;
};

}  // namespace forebay::wire::kinesis
