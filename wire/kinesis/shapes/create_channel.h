#pragma once

#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/channel_description.h"

namespace forebay::wire::kinesis {

struct CreateChannelRequest {
  static constexpr std::string_view kShape = "CreateChannelRequest";
  std::optional<std::string> channel_name;
  std::optional<std::string> service_execution_role_arn;
  std::optional<std::vector<ChannelStreamConfiguration>> stream_configuration_list;
  std::optional<S3DestinationConfiguration> s3_destination_configuration;
  std::optional<S3TablesDestinationConfiguration> s3_tables_destination_configuration;
  std::optional<ChannelEncryptionConfiguration> encryption_configuration;
  std::optional<StringMap> tags;
  std::optional<ChannelLoggingConfiguration> logging_configuration;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamName.named("ChannelName").as_required(), self.channel_name);
    visit(
        Rule{.name = "ServiceExecutionRoleARN", .required = true, .min = 1, .max = 512, .pattern = &patterns::kRoleArn},
        self.service_execution_role_arn);
    visit(Rule{.name = "StreamConfigurationList", .required = true, .min = 1, .max = 10'000},
          self.stream_configuration_list);
    visit(Rule{.name = "S3DestinationConfiguration"}, self.s3_destination_configuration);
    visit(Rule{.name = "S3TablesDestinationConfiguration"}, self.s3_tables_destination_configuration);
    visit(Rule{.name = "EncryptionConfiguration"}, self.encryption_configuration);
    visit(rules::kTags, self.tags);
    visit(Rule{.name = "LoggingConfiguration"}, self.logging_configuration);
  }
  friend bool operator==(const CreateChannelRequest&, const CreateChannelRequest&) = default;
};

struct CreateChannelResponse {
  static constexpr std::string_view kShape = "CreateChannelResponse";
  ChannelDescription channel_description;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "ChannelDescription", .required = true}, self.channel_description);
  }
  friend bool operator==(const CreateChannelResponse&, const CreateChannelResponse&) = default;
};

}  // namespace forebay::wire::kinesis
