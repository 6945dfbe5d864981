#pragma once

#include "wire/firehose/rules.h"

/// Where a delivery stream takes its records from.
namespace forebay::wire::firehose {

/// As given and as shown.
template <Form form>
struct DirectPutSource {
  static constexpr std::string_view kShape =
      form_name(form, "DirectPutSourceConfiguration", "", "DirectPutSourceDescription");
  std::optional<std::int32_t> throughput_hint_in_mbs;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(form == Form::configuration ? rules::kThroughputHint.as_required() : rules::kThroughputHint,
          self.throughput_hint_in_mbs);
  }
  friend bool operator==(const DirectPutSource&, const DirectPutSource&) = default;
};

struct KinesisStreamSourceConfiguration {
  static constexpr std::string_view kShape = "KinesisStreamSourceConfiguration";
  std::optional<std::string> kinesis_stream_arn;
  std::optional<std::string> role_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamArn.as_required(), self.kinesis_stream_arn);
    visit(rules::kRoleArn.as_required(), self.role_arn);
  }
  friend bool operator==(const KinesisStreamSourceConfiguration&, const KinesisStreamSourceConfiguration&) = default;
};

struct KinesisStreamSourceDescription {
  static constexpr std::string_view kShape = "KinesisStreamSourceDescription";
  std::optional<std::string> kinesis_stream_arn;
  std::optional<std::string> role_arn;
  std::optional<WallTime> delivery_start_timestamp;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamArn, self.kinesis_stream_arn);
    visit(rules::kRoleArn, self.role_arn);
    visit(Rule{.name = "DeliveryStartTimestamp"}, self.delivery_start_timestamp);
  }
  friend bool operator==(const KinesisStreamSourceDescription&, const KinesisStreamSourceDescription&) = default;
};

struct SourceDescription {
  static constexpr std::string_view kShape = "SourceDescription";
  std::optional<DirectPutSource<Form::description>> direct_put;
  std::optional<KinesisStreamSourceDescription> kinesis_stream;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "DirectPutSourceDescription"}, self.direct_put);
    visit(Rule{.name = "KinesisStreamSourceDescription"}, self.kinesis_stream);
  }
  friend bool operator==(const SourceDescription&, const SourceDescription&) = default;
};

}  // namespace forebay::wire::firehose
