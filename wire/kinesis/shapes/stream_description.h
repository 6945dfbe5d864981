#pragma once

#include "wire/kinesis/shapes/shard.h"
#include "wire/kinesis/shapes/stream_mode_details.h"

/// Structures that describe a stream (kinesis 2.3). stream_status: CREATING, DELETING, ACTIVE, UPDATING.
namespace forebay::wire::kinesis {

struct EnhancedMetrics {
  static constexpr std::string_view kShape = "EnhancedMetrics";
  std::vector<std::string> shard_level_metrics;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "ShardLevelMetrics"}, self.shard_level_metrics);
  }
  friend bool operator==(const EnhancedMetrics&, const EnhancedMetrics&) = default;
};

struct WarmThroughput {
  static constexpr std::string_view kShape = "WarmThroughputObject";
  std::optional<std::int32_t> target_mibps;
  std::optional<std::int32_t> current_mibps;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "TargetMiBps"}, self.target_mibps);
    visit(Rule{.name = "CurrentMiBps"}, self.current_mibps);
  }
  friend bool operator==(const WarmThroughput&, const WarmThroughput&) = default;
};

struct StreamDescription {
  static constexpr std::string_view kShape = "StreamDescription";
  std::string stream_name;
  std::string stream_arn;
  std::string stream_status;
  std::optional<StreamModeDetails> stream_mode_details;
  std::vector<Shard> shards;
  bool has_more_shards = false;
  std::int32_t retention_period_hours = 24;
  WallTime stream_creation_timestamp;
  std::vector<EnhancedMetrics> enhanced_monitoring;
  std::optional<std::string> encryption_type;
  std::optional<std::string> key_id;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamName.as_required(), self.stream_name);
    visit(rules::kStreamArn.as_required(), self.stream_arn);
    visit(Rule{.name = "StreamStatus", .required = true}, self.stream_status);
    visit(Rule{.name = "StreamModeDetails"}, self.stream_mode_details);
    visit(Rule{.name = "Shards", .required = true}, self.shards);
    visit(Rule{.name = "HasMoreShards", .required = true}, self.has_more_shards);
    visit(Rule{.name = "RetentionPeriodHours", .required = true}, self.retention_period_hours);
    visit(Rule{.name = "StreamCreationTimestamp", .required = true}, self.stream_creation_timestamp);
    visit(Rule{.name = "EnhancedMonitoring", .required = true}, self.enhanced_monitoring);
    visit(Rule{.name = "EncryptionType"}, self.encryption_type);
    visit(Rule{.name = "KeyId"}, self.key_id);
  }
  friend bool operator==(const StreamDescription&, const StreamDescription&) = default;
};

struct StreamDescriptionSummary {
  static constexpr std::string_view kShape = "StreamDescriptionSummary";
  std::string stream_name;
  std::string stream_arn;
  std::optional<std::string> stream_id;
  std::string stream_status;
  std::optional<StreamModeDetails> stream_mode_details;
  std::int32_t retention_period_hours = 24;
  WallTime stream_creation_timestamp;
  std::vector<EnhancedMetrics> enhanced_monitoring;
  std::optional<std::string> encryption_type;
  std::optional<std::string> key_id;
  std::int32_t open_shard_count = 0;
  std::optional<std::int32_t> consumer_count;
  std::optional<WarmThroughput> warm_throughput;
  std::optional<std::int32_t> max_record_size_in_kib;
  std::optional<std::int32_t> channel_count = std::nullopt;
  std::optional<std::string> record_distribution_strategy = std::nullopt;  ///< AUTO or USER_PARTITION_KEY

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamName.as_required(), self.stream_name);
    visit(rules::kStreamArn.as_required(), self.stream_arn);
    visit(Rule{.name = "StreamId"}, self.stream_id);
    visit(Rule{.name = "StreamStatus", .required = true}, self.stream_status);
    visit(Rule{.name = "StreamModeDetails"}, self.stream_mode_details);
    visit(Rule{.name = "RetentionPeriodHours", .required = true}, self.retention_period_hours);
    visit(Rule{.name = "StreamCreationTimestamp", .required = true}, self.stream_creation_timestamp);
    visit(Rule{.name = "EnhancedMonitoring", .required = true}, self.enhanced_monitoring);
    visit(Rule{.name = "EncryptionType"}, self.encryption_type);
    visit(Rule{.name = "KeyId"}, self.key_id);
    visit(Rule{.name = "OpenShardCount", .required = true}, self.open_shard_count);
    visit(Rule{.name = "ConsumerCount"}, self.consumer_count);
    visit(Rule{.name = "WarmThroughput"}, self.warm_throughput);
    visit(Rule{.name = "MaxRecordSizeInKiB"}, self.max_record_size_in_kib);
    visit(Rule{.name = "ChannelCount"}, self.channel_count);
    visit(Rule{.name = "RecordDistributionStrategy"}, self.record_distribution_strategy);
  }
  friend bool operator==(const StreamDescriptionSummary&, const StreamDescriptionSummary&) = default;
};

struct StreamSummary {
  static constexpr std::string_view kShape = "StreamSummary";
  std::string stream_name;
  std::string stream_arn;
  std::string stream_status;
  std::optional<StreamModeDetails> stream_mode_details;
  std::optional<WallTime> stream_creation_timestamp;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamName.as_required(), self.stream_name);
    visit(rules::kStreamArn.as_required(), self.stream_arn);
    visit(Rule{.name = "StreamStatus", .required = true}, self.stream_status);
    visit(Rule{.name = "StreamModeDetails"}, self.stream_mode_details);
    visit(Rule{.name = "StreamCreationTimestamp"}, self.stream_creation_timestamp);
  }
  friend bool operator==(const StreamSummary&, const StreamSummary&) = default;
};

}  // namespace forebay::wire::kinesis
