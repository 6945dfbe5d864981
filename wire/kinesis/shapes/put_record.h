#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

/// Decoded by PutDecoder in the gateway.
struct PutRecordRequest {
  static constexpr std::string_view kShape = "PutRecordRequest";
  std::optional<std::string> stream_name;
  std::optional<Buffer> data;
  std::optional<std::string> partition_key;
  std::optional<std::string> explicit_hash_key;
  std::optional<std::string> sequence_number_for_ordering;
  std::optional<std::string> stream_arn;
  std::optional<bool> dry_run;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamName, self.stream_name);
    visit(rules::kData, self.data);
    visit(rules::kPartitionKey, self.partition_key);
    visit(rules::kExplicitHashKey, self.explicit_hash_key);
    visit(rules::kSequenceNumber.named("SequenceNumberForOrdering"), self.sequence_number_for_ordering);
    visit(rules::kStreamArn, self.stream_arn);
    visit(Rule{.name = "DryRun"}, self.dry_run);
  }
  friend bool operator==(const PutRecordRequest&, const PutRecordRequest&) = default;
};

struct PutRecordResponse {
  static constexpr std::string_view kShape = "PutRecordResponse";
  std::string shard_id;
  std::string sequence_number;
  std::optional<std::string> encryption_type;  ///< absent on streams without encryption

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kShardId.as_required(), self.shard_id);
    visit(rules::kSequenceNumber.as_required(), self.sequence_number);
    visit(Rule{.name = "EncryptionType"}, self.encryption_type);
  }
  friend bool operator==(const PutRecordResponse&, const PutRecordResponse&) = default;
};

}  // namespace forebay::wire::kinesis
