#pragma once

#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/consumer.h"

namespace forebay::wire::kinesis {

struct RegisterStreamConsumerRequest {
  static constexpr std::string_view kShape = "RegisterStreamConsumerRequest";
  std::optional<std::string> stream_arn;
  std::optional<std::string> consumer_name;
  std::optional<StringMap> tags;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamArn.as_required(), self.stream_arn);
    visit(rules::kConsumerName.as_required(), self.consumer_name);
    visit(rules::kTags, self.tags);
  }
  friend bool operator==(const RegisterStreamConsumerRequest&, const RegisterStreamConsumerRequest&) = default;
};

struct RegisterStreamConsumerResponse {
  static constexpr std::string_view kShape = "RegisterStreamConsumerResponse";
  Consumer consumer;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Consumer", .required = true}, self.consumer);
  }
  friend bool operator==(const RegisterStreamConsumerResponse&, const RegisterStreamConsumerResponse&) = default;
};

}  // namespace forebay::wire::kinesis
