#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct DeregisterStreamConsumerRequest {
  static constexpr std::string_view kShape = "DeregisterStreamConsumerRequest";
  std::optional<std::string> stream_arn;
  std::optional<std::string> consumer_name;
  std::optional<std::string> consumer_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamArn, self.stream_arn);
    visit(rules::kConsumerName, self.consumer_name);
    visit(rules::kConsumerArn, self.consumer_arn);
  }
  friend bool operator==(const DeregisterStreamConsumerRequest&, const DeregisterStreamConsumerRequest&) = default;
};

}  // namespace forebay::wire::kinesis
