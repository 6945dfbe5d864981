#pragma once

#include "wire/kinesis/channel_rules.h"
#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/channel_destination.h"
#include "wire/kinesis/shapes/channel_source.h"

namespace forebay::wire::kinesis {

struct ChannelEncryptionConfiguration {
  static constexpr std::string_view kShape = "ChannelEncryptionConfiguration";
  std::optional<std::string> encryption_type;
  std::optional<std::string> key_id;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "EncryptionType", .required = true, .values = values::kChannelEncryption}, self.encryption_type);
    visit(rules::kKeyId, self.key_id);
  }
  friend bool operator==(const ChannelEncryptionConfiguration&, const ChannelEncryptionConfiguration&) = default;
};

struct CloudWatchLogs {
  static constexpr std::string_view kShape = "CloudWatchLogs";
  std::optional<bool> enabled;
  std::optional<std::string> log_group_name;
  std::optional<std::string> log_stream_name;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Enabled", .required = true}, self.enabled);
    visit(channel_rules::kLogGroupName, self.log_group_name);
    visit(channel_rules::kLogStreamName, self.log_stream_name);
  }
  friend bool operator==(const CloudWatchLogs&, const CloudWatchLogs&) = default;
};

struct ChannelLoggingConfiguration {
  static constexpr std::string_view kShape = "ChannelLoggingConfiguration";
  std::optional<CloudWatchLogs> cloud_watch_logs;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "CloudWatchLogs", .required = true}, self.cloud_watch_logs);
  }
  friend bool operator==(const ChannelLoggingConfiguration&, const ChannelLoggingConfiguration&) = default;
};

struct ChannelDescription {
  static constexpr std::string_view kShape = "ChannelDescription";
  std::string channel_name;
  std::string channel_arn;
  std::string channel_id;
  std::string channel_status;  ///< CREATING, ACTIVE, UPDATING, DELETING or FAILED
  std::optional<std::string> channel_status_reason;
  WallTime channel_creation_timestamp;
  std::string service_execution_role_arn;
  std::vector<ChannelStreamDescription> stream_configuration_list;
  std::optional<S3DestinationDescription> s3_destination_configuration;
  std::optional<S3TablesDestinationDescription> s3_tables_destination_configuration;
  std::optional<ChannelEncryptionConfiguration> encryption_configuration;
  ChannelLoggingConfiguration logging_configuration;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "ChannelName", .required = true}, self.channel_name);
    visit(Rule{.name = "ChannelARN", .required = true}, self.channel_arn);
    visit(Rule{.name = "ChannelId", .required = true}, self.channel_id);
    visit(Rule{.name = "ChannelStatus", .required = true}, self.channel_status);
    visit(Rule{.name = "ChannelStatusReason"}, self.channel_status_reason);
    visit(Rule{.name = "ChannelCreationTimestamp", .required = true}, self.channel_creation_timestamp);
    visit(Rule{.name = "ServiceExecutionRoleARN", .required = true}, self.service_execution_role_arn);
    visit(Rule{.name = "StreamConfigurationList", .required = true}, self.stream_configuration_list);
    visit(Rule{.name = "S3DestinationConfiguration"}, self.s3_destination_configuration);
    visit(Rule{.name = "S3TablesDestinationConfiguration"}, self.s3_tables_destination_configuration);
    visit(Rule{.name = "EncryptionConfiguration"}, self.encryption_configuration);
    visit(Rule{.name = "LoggingConfiguration", .required = true}, self.logging_configuration);
  }
  friend bool operator==(const ChannelDescription&, const ChannelDescription&) = default;
};

}  // namespace forebay::wire::kinesis
