#pragma once

#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/consumer.h"

namespace forebay::wire::kinesis {

struct DescribeStreamConsumerRequest {
  static constexpr std::string_view kShape = "DescribeStreamConsumerRequest";
  std::optional<std::string> stream_arn;
  std::optional<std::string> consumer_name;
  std::optional<std::string> consumer_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamArn, self.stream_arn);
    visit(rules::kConsumerName, self.consumer_name);
    visit(rules::kConsumerArn, self.consumer_arn);
  }
  friend bool operator==(const DescribeStreamConsumerRequest&, const DescribeStreamConsumerRequest&) = default;
};

struct DescribeStreamConsumerResponse {
  static constexpr std::string_view kShape = "DescribeStreamConsumerResponse";
  ConsumerDescription consumer_description;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "ConsumerDescription", .required = true}, self.consumer_description);
  }
  friend bool operator==(const DescribeStreamConsumerResponse&, const DescribeStreamConsumerResponse&) = default;
};

}  // namespace forebay::wire::kinesis
