#pragma once

#include "wire/kinesis/channel_rules.h"
#include "wire/kinesis/rules.h"

/// Where a channel delivers to.
namespace forebay::wire::kinesis {

/// Where records go that cannot be delivered.
struct DeadLetterQueueS3Configuration {
  static constexpr std::string_view kShape = "DeadLetterQueueS3Configuration";
  std::optional<std::string> bucket_arn;
  std::optional<std::string> expected_bucket_owner;
  std::optional<std::string> error_output_prefix;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(channel_rules::kBucketArn, self.bucket_arn);
    visit(channel_rules::kBucketOwner, self.expected_bucket_owner);
    visit(Rule{.name = "ErrorOutputPrefix", .min = 1, .max = 512, .pattern = &patterns::kErrorPrefix},
          self.error_output_prefix);
  }
  friend bool operator==(const DeadLetterQueueS3Configuration&, const DeadLetterQueueS3Configuration&) = default;
};

struct S3StorageConfiguration {
  static constexpr std::string_view kShape = "S3StorageConfiguration";
  std::optional<std::string> bucket_arn;
  std::optional<std::string> expected_bucket_owner;
  std::optional<std::string> output_key_template;
  std::optional<std::string> storage_class;
  std::optional<std::string> compression_type;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(channel_rules::kBucketArn, self.bucket_arn);
    visit(channel_rules::kBucketOwner, self.expected_bucket_owner);
    visit(Rule{.name = "OutputKeyTemplate", .min = 1, .max = 1024, .pattern = &patterns::kKeyTemplate},
          self.output_key_template);
    visit(Rule{.name = "StorageClass", .values = values::kStorageClass}, self.storage_class);
    visit(Rule{.name = "CompressionType", .required = true, .values = values::kS3Compression}, self.compression_type);
  }
  friend bool operator==(const S3StorageConfiguration&, const S3StorageConfiguration&) = default;
};

struct S3DestinationConfiguration {
  static constexpr std::string_view kShape = "S3DestinationConfiguration";
  std::optional<std::int32_t> data_freshness_in_seconds;
  std::optional<DeadLetterQueueS3Configuration> dead_letter_queue_s3_configuration;
  std::optional<S3StorageConfiguration> storage_configuration;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "DataFreshnessInSeconds"}, self.data_freshness_in_seconds);
    visit(Rule{.name = "DeadLetterQueueS3Configuration"}, self.dead_letter_queue_s3_configuration);
    visit(Rule{.name = "StorageConfiguration", .required = true}, self.storage_configuration);
  }
  friend bool operator==(const S3DestinationConfiguration&, const S3DestinationConfiguration&) = default;
};

struct PartitionField {
  static constexpr std::string_view kShape = "PartitionField";
  std::optional<std::string> transform;
  std::optional<std::string> source_name;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Transform", .required = true, .values = values::kPartitionTransform}, self.transform);
    visit(Rule{.name = "SourceName", .required = true, .min = 1, .max = 255, .pattern = &patterns::kSourceName},
          self.source_name);
  }
  friend bool operator==(const PartitionField&, const PartitionField&) = default;
};

struct PartitionSpec {
  static constexpr std::string_view kShape = "PartitionSpec";
  std::optional<std::vector<PartitionField>> partition_fields;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "PartitionFields", .required = true, .min = 1, .max = 10}, self.partition_fields);
  }
  friend bool operator==(const PartitionSpec&, const PartitionSpec&) = default;
};

struct S3TablesConfiguration {
  static constexpr std::string_view kShape = "S3TablesConfiguration";
  std::optional<std::string> table_bucket_arn;
  std::optional<std::string> table_namespace;
  std::optional<std::string> table_name;
  std::optional<std::string> compression_type;
  std::optional<PartitionSpec> partition_spec;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(
        Rule{.name = "TableBucketARN", .required = true, .min = 1, .max = 2048, .pattern = &patterns::kTableBucketArn},
        self.table_bucket_arn);
    visit(channel_rules::kTableName.named("Namespace"), self.table_namespace);
    visit(channel_rules::kTableName, self.table_name);
    visit(Rule{.name = "CompressionType", .required = true, .values = values::kS3TablesCompression},
          self.compression_type);
    visit(Rule{.name = "PartitionSpec"}, self.partition_spec);
  }
  friend bool operator==(const S3TablesConfiguration&, const S3TablesConfiguration&) = default;
};

struct S3TablesDestinationConfiguration {
  static constexpr std::string_view kShape = "S3TablesDestinationConfiguration";
  std::optional<std::int32_t> data_freshness_in_seconds;
  std::optional<DeadLetterQueueS3Configuration> dead_letter_queue_s3_configuration;
  std::optional<std::vector<S3TablesConfiguration>> s3_tables_configuration_list;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "DataFreshnessInSeconds"}, self.data_freshness_in_seconds);
    visit(Rule{.name = "DeadLetterQueueS3Configuration", .required = true}, self.dead_letter_queue_s3_configuration);
    visit(Rule{.name = "S3TablesConfigurationList", .required = true, .min = 1, .max = 10'000},
          self.s3_tables_configuration_list);
  }
  friend bool operator==(const S3TablesDestinationConfiguration&, const S3TablesDestinationConfiguration&) = default;
};

/// All of a destination in a bucket that can be changed.
struct S3DestinationUpdateInput {
  static constexpr std::string_view kShape = "S3DestinationUpdateInput";
  std::optional<std::int32_t> data_freshness_in_seconds;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "DataFreshnessInSeconds", .required = true}, self.data_freshness_in_seconds);
  }
  friend bool operator==(const S3DestinationUpdateInput&, const S3DestinationUpdateInput&) = default;
};

/// All of a destination in tables that can be changed.
struct S3TablesDestinationUpdateInput {
  static constexpr std::string_view kShape = "S3TablesDestinationUpdateInput";
  std::optional<std::int32_t> data_freshness_in_seconds;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "DataFreshnessInSeconds", .required = true}, self.data_freshness_in_seconds);
  }
  friend bool operator==(const S3TablesDestinationUpdateInput&, const S3TablesDestinationUpdateInput&) = default;
};

struct S3DestinationDescription {
  static constexpr std::string_view kShape = "S3DestinationDescription";
  std::int32_t data_freshness_in_seconds = 0;
  DeadLetterQueueS3Configuration dead_letter_queue_s3_configuration;
  S3StorageConfiguration storage_configuration;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "DataFreshnessInSeconds", .required = true}, self.data_freshness_in_seconds);
    visit(Rule{.name = "DeadLetterQueueS3Configuration", .required = true}, self.dead_letter_queue_s3_configuration);
    visit(Rule{.name = "StorageConfiguration", .required = true}, self.storage_configuration);
  }
  friend bool operator==(const S3DestinationDescription&, const S3DestinationDescription&) = default;
};

struct S3TablesDestinationDescription {
  static constexpr std::string_view kShape = "S3TablesDestinationDescription";
  std::int32_t data_freshness_in_seconds = 0;
  DeadLetterQueueS3Configuration dead_letter_queue_s3_configuration;
  std::vector<S3TablesConfiguration> s3_tables_configuration_list;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "DataFreshnessInSeconds", .required = true}, self.data_freshness_in_seconds);
    visit(Rule{.name = "DeadLetterQueueS3Configuration", .required = true}, self.dead_letter_queue_s3_configuration);
    visit(Rule{.name = "S3TablesConfigurationList", .required = true}, self.s3_tables_configuration_list);
  }
  friend bool operator==(const S3TablesDestinationDescription&, const S3TablesDestinationDescription&) = default;
};

}  // namespace forebay::wire::kinesis
