#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct GetShardIteratorRequest {
  static constexpr std::string_view kShape = "GetShardIteratorRequest";
  std::optional<std::string> stream_name;
  std::optional<std::string> shard_id;
  std::optional<std::string> shard_iterator_type;
  std::optional<std::string> starting_sequence_number;
  std::optional<WallTime> timestamp;
  std::optional<std::string> stream_arn;
  std::optional<bool> dry_run;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamName, self.stream_name);
    visit(rules::kShardId.as_required(), self.shard_id);
    visit(Rule{.name = "ShardIteratorType", .required = true, .values = values::kIteratorType},
          self.shard_iterator_type);
    visit(rules::kSequenceNumber.named("StartingSequenceNumber"), self.starting_sequence_number);
    visit(Rule{.name = "Timestamp"}, self.timestamp);
    visit(rules::kStreamArn, self.stream_arn);
    visit(Rule{.name = "DryRun"}, self.dry_run);
  }
  friend bool operator==(const GetShardIteratorRequest&, const GetShardIteratorRequest&) = default;
};

struct GetShardIteratorResponse {
  static constexpr std::string_view kShape = "GetShardIteratorResponse";
  std::optional<std::string> shard_iterator;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "ShardIterator"}, self.shard_iterator);
  }
  friend bool operator==(const GetShardIteratorResponse&, const GetShardIteratorResponse&) = default;
};

}  // namespace forebay::wire::kinesis
