#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct SplitShardRequest {
  static constexpr std::string_view kShape = "SplitShardRequest";
  std::optional<std::string> stream_name;
  std::optional<std::string> shard_to_split;
  std::optional<std::string> new_starting_hash_key;
  std::optional<std::string> stream_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamName, self.stream_name);
    visit(rules::kShardId.named("ShardToSplit").as_required(), self.shard_to_split);
    visit(Rule{.name = "NewStartingHashKey", .required = true, .pattern = &patterns::kHashKey},
          self.new_starting_hash_key);
    visit(rules::kStreamArn, self.stream_arn);
  }
  friend bool operator==(const SplitShardRequest&, const SplitShardRequest&) = default;
};

}  // namespace forebay::wire::kinesis
