#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct UpdateShardCountRequest {
  static constexpr std::string_view kShape = "UpdateShardCountRequest";
  std::optional<std::string> stream_name;
  std::optional<std::int32_t> target_shard_count;
  std::optional<std::string> scaling_type;
  std::optional<std::string> stream_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamName, self.stream_name);
    visit(Rule{.name = "TargetShardCount", .required = true, .min = 1}, self.target_shard_count);
    visit(Rule{.name = "ScalingType", .required = true, .values = values::kScalingType}, self.scaling_type);
    visit(rules::kStreamArn, self.stream_arn);
  }
  friend bool operator==(const UpdateShardCountRequest&, const UpdateShardCountRequest&) = default;
};

struct UpdateShardCountResponse {
  static constexpr std::string_view kShape = "UpdateShardCountResponse";
  std::optional<std::string> stream_name;
  std::optional<std::int32_t> current_shard_count;
  std::optional<std::int32_t> target_shard_count;
  std::optional<std::string> stream_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "StreamName"}, self.stream_name);
    visit(Rule{.name = "CurrentShardCount"}, self.current_shard_count);
    visit(Rule{.name = "TargetShardCount"}, self.target_shard_count);
    visit(Rule{.name = "StreamARN"}, self.stream_arn);
  }
  friend bool operator==(const UpdateShardCountResponse&, const UpdateShardCountResponse&) = default;
};

}  // namespace forebay::wire::kinesis
