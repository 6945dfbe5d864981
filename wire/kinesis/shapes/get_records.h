#pragma once

#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/shard.h"

namespace forebay::wire::kinesis {

struct Record {
  static constexpr std::string_view kShape = "Record";
  std::string sequence_number;
  std::optional<WallTime> approximate_arrival_timestamp;
  Buffer data;
  std::string partition_key;
  std::optional<std::string> encryption_type;  ///< absent on streams without encryption

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kSequenceNumber.as_required(), self.sequence_number);
    visit(Rule{.name = "ApproximateArrivalTimestamp"}, self.approximate_arrival_timestamp);
    visit(rules::kData, self.data);
    visit(rules::kPartitionKey, self.partition_key);
    visit(Rule{.name = "EncryptionType"}, self.encryption_type);
  }
  friend bool operator==(const Record&, const Record&) = default;
};

struct GetRecordsRequest {
  static constexpr std::string_view kShape = "GetRecordsRequest";
  std::optional<std::string> shard_iterator;
  std::optional<std::int32_t> limit;
  std::optional<std::string> stream_arn;
  std::optional<bool> dry_run;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "ShardIterator", .required = true, .min = 1, .max = 512}, self.shard_iterator);
    visit(rules::kLimit, self.limit);
    visit(rules::kStreamArn, self.stream_arn);
    visit(Rule{.name = "DryRun"}, self.dry_run);
  }
  friend bool operator==(const GetRecordsRequest&, const GetRecordsRequest&) = default;
};

/// Written by GetRecordsJson in the gateway.
struct GetRecordsResponse {
  static constexpr std::string_view kShape = "GetRecordsResponse";
  std::vector<Record> records;
  std::optional<std::string> next_shard_iterator;  ///< absent at the end of a closed shard
  std::optional<std::int64_t> millis_behind_latest;
  std::optional<std::vector<ChildShard>> child_shards;  ///< present only at the end of a closed shard

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Records", .required = true}, self.records);
    visit(Rule{.name = "NextShardIterator"}, self.next_shard_iterator);
    visit(Rule{.name = "MillisBehindLatest"}, self.millis_behind_latest);
    visit(Rule{.name = "ChildShards"}, self.child_shards);
  }
  friend bool operator==(const GetRecordsResponse&, const GetRecordsResponse&) = default;
};

}  // namespace forebay::wire::kinesis
