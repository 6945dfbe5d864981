#pragma once

#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/get_records.h"

namespace forebay::wire::kinesis {

struct StartingPosition {
  static constexpr std::string_view kShape = "StartingPosition";
  std::optional<std::string> type;
  std::optional<std::string> sequence_number;
  std::optional<WallTime> timestamp;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Type", .required = true, .values = values::kIteratorType}, self.type);
    visit(rules::kSequenceNumber, self.sequence_number);
    visit(Rule{.name = "Timestamp"}, self.timestamp);
  }
  friend bool operator==(const StartingPosition&, const StartingPosition&) = default;
};

struct SubscribeToShardRequest {
  static constexpr std::string_view kShape = "SubscribeToShardRequest";
  std::optional<std::string> consumer_arn;
  std::optional<std::string> shard_id;
  std::optional<StartingPosition> starting_position;
  std::optional<bool> dry_run;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kConsumerArn.as_required(), self.consumer_arn);
    visit(rules::kShardId.as_required(), self.shard_id);
    visit(Rule{.name = "StartingPosition", .required = true}, self.starting_position);
    visit(Rule{.name = "DryRun"}, self.dry_run);
  }
  friend bool operator==(const SubscribeToShardRequest&, const SubscribeToShardRequest&) = default;
};

/// The answer is an event stream (event_stream.h); this is one event of it.
/// Written by GetRecordsJson in the gateway.
struct SubscribeToShardEvent {
  static constexpr std::string_view kShape = "SubscribeToShardEvent";
  std::vector<Record> records;
  std::optional<std::string> continuation_sequence_number;  ///< absent at the end of a closed shard
  std::int64_t millis_behind_latest = 0;
  std::optional<std::vector<ChildShard>> child_shards;  ///< present only at the end of a closed shard

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Records", .required = true}, self.records);
    visit(Rule{.name = "ContinuationSequenceNumber", .required = true}, self.continuation_sequence_number);
    visit(Rule{.name = "MillisBehindLatest", .required = true}, self.millis_behind_latest);
    visit(Rule{.name = "ChildShards"}, self.child_shards);
  }
  friend bool operator==(const SubscribeToShardEvent&, const SubscribeToShardEvent&) = default;
};

}  // namespace forebay::wire::kinesis
