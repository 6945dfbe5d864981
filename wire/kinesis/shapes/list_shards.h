#pragma once

#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/shard.h"

namespace forebay::wire::kinesis {

struct ShardFilter {
  static constexpr std::string_view kShape = "ShardFilter";
  std::optional<std::string> type;
  std::optional<std::string> shard_id;
  std::optional<WallTime> timestamp;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Type", .required = true, .values = values::kShardFilterType}, self.type);
    visit(rules::kShardId, self.shard_id);
    visit(Rule{.name = "Timestamp"}, self.timestamp);
  }
  friend bool operator==(const ShardFilter&, const ShardFilter&) = default;
};

struct ListShardsRequest {
  static constexpr std::string_view kShape = "ListShardsRequest";
  std::optional<std::string> stream_name;
  std::optional<std::string> next_token;
  std::optional<std::string> exclusive_start_shard_id;
  std::optional<std::int32_t> max_results;
  std::optional<WallTime> stream_creation_timestamp;
  std::optional<ShardFilter> shard_filter;
  std::optional<std::string> stream_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamName, self.stream_name);
    visit(rules::kNextToken, self.next_token);
    visit(rules::kShardId.named("ExclusiveStartShardId"), self.exclusive_start_shard_id);
    visit(rules::kLimit.named("MaxResults"), self.max_results);
    visit(Rule{.name = "StreamCreationTimestamp"}, self.stream_creation_timestamp);
    visit(Rule{.name = "ShardFilter"}, self.shard_filter);
    visit(rules::kStreamArn, self.stream_arn);
  }
  friend bool operator==(const ListShardsRequest&, const ListShardsRequest&) = default;
};

struct ListShardsResponse {
  static constexpr std::string_view kShape = "ListShardsResponse";
  std::vector<Shard> shards;
  std::optional<std::string> next_token;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Shards"}, self.shards);
    visit(rules::kNextToken, self.next_token);
  }
  friend bool operator==(const ListShardsResponse&, const ListShardsResponse&) = default;
};

}  // namespace forebay::wire::kinesis
