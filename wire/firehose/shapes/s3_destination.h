#pragma once

#include "wire/firehose/rules.h"

/// Objects in a bucket: the deprecated destination, and the backup of others.
namespace forebay::wire::firehose {

struct BufferingHints {
  static constexpr std::string_view kShape = "BufferingHints";
  std::optional<std::int32_t> size_in_mbs;
  std::optional<std::int32_t> interval_in_seconds;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "SizeInMBs", .min = 1, .max = 128}, self.size_in_mbs);
    visit(Rule{.name = "IntervalInSeconds", .min = 0, .max = 900}, self.interval_in_seconds);
  }
  friend bool operator==(const BufferingHints&, const BufferingHints&) = default;
};

struct KmsEncryptionConfig {
  static constexpr std::string_view kShape = "KMSEncryptionConfig";
  std::optional<std::string> key_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kKeyArn.named("AWSKMSKeyARN").as_required(), self.key_arn);
  }
  friend bool operator==(const KmsEncryptionConfig&, const KmsEncryptionConfig&) = default;
};

struct EncryptionConfiguration {
  static constexpr std::string_view kShape = "EncryptionConfiguration";
  std::optional<std::string> no_encryption_config;
  std::optional<KmsEncryptionConfig> kms_encryption_config;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "NoEncryptionConfig", .values = values::kNoEncryption}, self.no_encryption_config);
    visit(Rule{.name = "KMSEncryptionConfig"}, self.kms_encryption_config);
  }
  friend bool operator==(const EncryptionConfiguration&, const EncryptionConfiguration&) = default;
};

struct CloudWatchLoggingOptions {
  static constexpr std::string_view kShape = "CloudWatchLoggingOptions";
  std::optional<bool> enabled;
  std::optional<std::string> log_group_name;
  std::optional<std::string> log_stream_name;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Enabled"}, self.enabled);
    visit(Rule{.name = "LogGroupName", .min = 0, .max = 512, .pattern = &patterns::kLogGroupName}, self.log_group_name);
    visit(Rule{.name = "LogStreamName", .min = 0, .max = 512, .pattern = &patterns::kLogStreamName},
          self.log_stream_name);
  }
  friend bool operator==(const CloudWatchLoggingOptions&, const CloudWatchLoggingOptions&) = default;
};

/// What every destination in a bucket has.
struct S3Members {
  std::optional<std::string> role_arn;
  std::optional<std::string> bucket_arn;
  std::optional<std::string> prefix;
  std::optional<std::string> error_output_prefix;
  std::optional<BufferingHints> buffering_hints;
  std::optional<std::string> compression_format;
  std::optional<EncryptionConfiguration> encryption_configuration;
  std::optional<CloudWatchLoggingOptions> cloud_watch_logging_options;

  friend bool operator==(const S3Members&, const S3Members&) = default;

 protected:
  template <Form form, class Self, class Visitor>
  static void describe_members(Self& self, Visitor&& visit) {
    const auto shown = [](Rule rule) { return form == Form::description ? rule.as_required() : rule; };
    const auto given = [](Rule rule) { return form == Form::update ? rule : rule.as_required(); };
    visit(given(rules::kRoleArn), self.role_arn);
    visit(given(rules::kBucketArn), self.bucket_arn);
    visit(rules::kPrefix, self.prefix);
    visit(rules::kPrefix.named("ErrorOutputPrefix"), self.error_output_prefix);
    visit(shown(Rule{.name = "BufferingHints"}), self.buffering_hints);
    visit(shown(Rule{.name = "CompressionFormat", .values = values::kCompression}), self.compression_format);
    visit(shown(Rule{.name = "EncryptionConfiguration"}), self.encryption_configuration);
    visit(Rule{.name = "CloudWatchLoggingOptions"}, self.cloud_watch_logging_options);
  }
};

template <Form form>
struct S3Destination : S3Members {
  static constexpr std::string_view kShape =
      form_name(form, "S3DestinationConfiguration", "S3DestinationUpdate", "S3DestinationDescription");

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    S3Members::describe_members<form>(self, visit);
  }
  friend bool operator==(const S3Destination&, const S3Destination&) = default;
};

}  // namespace forebay::wire::firehose
