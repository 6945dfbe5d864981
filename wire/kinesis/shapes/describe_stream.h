#pragma once

#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/stream_description.h"

namespace forebay::wire::kinesis {

struct DescribeStreamRequest {
  static constexpr std::string_view kShape = "DescribeStreamRequest";
  std::optional<std::string> stream_name;
  std::optional<std::int32_t> limit;
  std::optional<std::string> exclusive_start_shard_id;
  std::optional<std::string> stream_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamName, self.stream_name);
    visit(rules::kLimit, self.limit);
    visit(rules::kShardId.named("ExclusiveStartShardId"), self.exclusive_start_shard_id);
    visit(rules::kStreamArn, self.stream_arn);
  }
  friend bool operator==(const DescribeStreamRequest&, const DescribeStreamRequest&) = default;
};

struct DescribeStreamResponse {
  static constexpr std::string_view kShape = "DescribeStreamResponse";
  StreamDescription stream_description;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "StreamDescription", .required = true}, self.stream_description);
  }
  friend bool operator==(const DescribeStreamResponse&, const DescribeStreamResponse&) = default;
};

}  // namespace forebay::wire::kinesis
