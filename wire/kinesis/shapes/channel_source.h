#pragma once

#include "wire/kinesis/channel_rules.h"
#include "wire/kinesis/rules.h"

/// The stream a channel delivers.
namespace forebay::wire::kinesis {

/// How the records of a stream are read by a channel.
struct RecordConfiguration {
  static constexpr std::string_view kShape = "RecordConfiguration";
  std::optional<std::string> record_format_type;
  std::optional<std::string> gsr_schema_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "RecordFormatType", .required = true, .values = values::kRecordFormatType},
          self.record_format_type);
    visit(Rule{.name = "GSRSchemaARN", .min = 1, .max = 512, .pattern = &patterns::kSchemaArn}, self.gsr_schema_arn);
  }
  friend bool operator==(const RecordConfiguration&, const RecordConfiguration&) = default;
};

struct ChannelStreamConfiguration {
  static constexpr std::string_view kShape = "ChannelStreamConfiguration";
  std::optional<std::string> stream_arn;
  std::optional<RecordConfiguration> record_configuration;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamArn.as_required(), self.stream_arn);
    visit(Rule{.name = "RecordConfiguration", .required = true}, self.record_configuration);
  }
  friend bool operator==(const ChannelStreamConfiguration&, const ChannelStreamConfiguration&) = default;
};

struct ChannelStreamDescription {
  static constexpr std::string_view kShape = "ChannelStreamDescription";
  std::string stream_arn;
  WallTime stream_creation_timestamp;
  RecordConfiguration record_configuration;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "StreamARN", .required = true}, self.stream_arn);
    visit(Rule{.name = "StreamCreationTimestamp", .required = true}, self.stream_creation_timestamp);
    visit(Rule{.name = "RecordConfiguration", .required = true}, self.record_configuration);
  }
  friend bool operator==(const ChannelStreamDescription&, const ChannelStreamDescription&) = default;
};

}  // namespace forebay::wire::kinesis
