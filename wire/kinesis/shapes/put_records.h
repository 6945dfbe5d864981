#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct PutRecordsRequestEntry {
  static constexpr std::string_view kShape = "PutRecordsRequestEntry";
  std::optional<Buffer> data;
  std::optional<std::string> partition_key;
  std::optional<std::string> explicit_hash_key;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kData, self.data);
    visit(rules::kPartitionKey, self.partition_key);
    visit(rules::kExplicitHashKey, self.explicit_hash_key);
  }
  friend bool operator==(const PutRecordsRequestEntry&, const PutRecordsRequestEntry&) = default;
};

/// Decoded by PutDecoder in the gateway.
struct PutRecordsRequest {
  static constexpr std::string_view kShape = "PutRecordsRequest";
  std::optional<std::vector<PutRecordsRequestEntry>> records;
  std::optional<std::string> stream_name;
  std::optional<std::string> stream_arn;
  std::optional<bool> dry_run;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Records", .required = true, .min = 1, .max = kRecordsMax}, self.records);
    visit(rules::kStreamName, self.stream_name);
    visit(rules::kStreamArn, self.stream_arn);
    visit(Rule{.name = "DryRun"}, self.dry_run);
  }
  friend bool operator==(const PutRecordsRequest&, const PutRecordsRequest&) = default;
};

/// Sequence number and shard, or error code and message.
struct PutRecordsResultEntry {
  static constexpr std::string_view kShape = "PutRecordsResultEntry";
  std::optional<std::string> sequence_number;
  std::optional<std::string> shard_id;
  std::optional<std::string> error_code;
  std::optional<std::string> error_message;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kSequenceNumber, self.sequence_number);
    visit(rules::kShardId, self.shard_id);
    visit(Rule{.name = "ErrorCode"}, self.error_code);
    visit(Rule{.name = "ErrorMessage"}, self.error_message);
  }
  friend bool operator==(const PutRecordsResultEntry&, const PutRecordsResultEntry&) = default;
};

struct PutRecordsResponse {
  static constexpr std::string_view kShape = "PutRecordsResponse";
  std::int32_t failed_record_count = 0;
  std::vector<PutRecordsResultEntry> records;  ///< in the order of the request
  std::optional<std::string> encryption_type;  ///< absent on streams without encryption

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "FailedRecordCount"}, self.failed_record_count);
    visit(Rule{.name = "Records", .required = true}, self.records);
    visit(Rule{.name = "EncryptionType"}, self.encryption_type);
  }
  friend bool operator==(const PutRecordsResponse&, const PutRecordsResponse&) = default;
};

}  // namespace forebay::wire::kinesis
