#pragma once

#include "wire/firehose/shapes/format_conversion.h"
#include "wire/firehose/shapes/processing.h"
#include "wire/firehose/shapes/s3_destination.h"

namespace forebay::wire::firehose {

struct RetryOptions {
  static constexpr std::string_view kShape = "RetryOptions";
  std::optional<std::int32_t> duration_in_seconds;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kRetrySeconds, self.duration_in_seconds);
  }
  friend bool operator==(const RetryOptions&, const RetryOptions&) = default;
};

struct DynamicPartitioningConfiguration {
  static constexpr std::string_view kShape = "DynamicPartitioningConfiguration";
  std::optional<RetryOptions> retry_options;
  std::optional<bool> enabled;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "RetryOptions"}, self.retry_options);
    visit(Rule{.name = "Enabled"}, self.enabled);
  }
  friend bool operator==(const DynamicPartitioningConfiguration&, const DynamicPartitioningConfiguration&) = default;
};

/// Objects in a bucket, with all that can be done on the way.
template <Form form>
struct ExtendedS3Destination : S3Members {
  static constexpr std::string_view kShape = form_name(
      form, "ExtendedS3DestinationConfiguration", "ExtendedS3DestinationUpdate", "ExtendedS3DestinationDescription");
  std::optional<ProcessingConfiguration> processing_configuration;
  std::optional<std::string> s3_backup_mode;
  std::optional<S3Destination<form>> s3_backup;
  std::optional<DataFormatConversionConfiguration> data_format_conversion_configuration;
  std::optional<DynamicPartitioningConfiguration> dynamic_partitioning_configuration;
  std::optional<std::string> file_extension;
  std::optional<std::string> custom_time_zone;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    S3Members::describe_members<form>(self, visit);
    visit(Rule{.name = "ProcessingConfiguration"}, self.processing_configuration);
    visit(Rule{.name = "S3BackupMode", .values = values::kS3BackupMode}, self.s3_backup_mode);
    visit(Rule{.name = form_name(form, "S3BackupConfiguration", "S3BackupUpdate", "S3BackupDescription")},
          self.s3_backup);
    visit(Rule{.name = "DataFormatConversionConfiguration"}, self.data_format_conversion_configuration);
    visit(Rule{.name = "DynamicPartitioningConfiguration"}, self.dynamic_partitioning_configuration);
    visit(Rule{.name = "FileExtension", .min = 0, .max = 128, .pattern = &patterns::kFileExtension},
          self.file_extension);
    visit(Rule{.name = "CustomTimeZone", .min = 0, .max = 50, .pattern = &patterns::kTimeZone}, self.custom_time_zone);
  }
  friend bool operator==(const ExtendedS3Destination&, const ExtendedS3Destination&) = default;
};

}  // namespace forebay::wire::firehose
