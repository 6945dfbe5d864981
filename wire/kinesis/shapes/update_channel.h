#pragma once

#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/channel_description.h"

namespace forebay::wire::kinesis {

struct UpdateChannelRequest {
  static constexpr std::string_view kShape = "UpdateChannelRequest";
  std::optional<std::string> channel_arn;
  std::optional<S3DestinationUpdateInput> s3_destination_configuration;
  std::optional<S3TablesDestinationUpdateInput> s3_tables_destination_configuration;
  std::optional<ChannelLoggingConfiguration> logging_configuration;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kChannelArn, self.channel_arn);
    visit(Rule{.name = "S3DestinationConfiguration"}, self.s3_destination_configuration);
    visit(Rule{.name = "S3TablesDestinationConfiguration"}, self.s3_tables_destination_configuration);
    visit(Rule{.name = "LoggingConfiguration"}, self.logging_configuration);
  }
  friend bool operator==(const UpdateChannelRequest&, const UpdateChannelRequest&) = default;
};

struct UpdateChannelResponse {
  static constexpr std::string_view kShape = "UpdateChannelResponse";
  ChannelDescription channel_description;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "ChannelDescription", .required = true}, self.channel_description);
  }
  friend bool operator==(const UpdateChannelResponse&, const UpdateChannelResponse&) = default;
};

}  // namespace forebay::wire::kinesis
