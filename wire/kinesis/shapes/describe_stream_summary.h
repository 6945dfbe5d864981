#pragma once

#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/stream_description.h"

namespace forebay::wire::kinesis {

struct DescribeStreamSummaryRequest {
  static constexpr std::string_view kShape = "DescribeStreamSummaryRequest";
  std::optional<std::string> stream_name;
  std::optional<std::string> stream_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamName, self.stream_name);
    visit(rules::kStreamArn, self.stream_arn);
  }
  friend bool operator==(const DescribeStreamSummaryRequest&, const DescribeStreamSummaryRequest&) = default;
};

struct DescribeStreamSummaryResponse {
  static constexpr std::string_view kShape = "DescribeStreamSummaryResponse";
  StreamDescriptionSummary stream_description_summary;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "StreamDescriptionSummary", .required = true}, self.stream_description_summary);
  }
  friend bool operator==(const DescribeStreamSummaryResponse&, const DescribeStreamSummaryResponse&) = default;
};

}  // namespace forebay::wire::kinesis
