#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct DeleteStreamRequest {
  static constexpr std::string_view kShape = "DeleteStreamRequest";
  std::optional<std::string> stream_name;
  std::optional<bool> enforce_consumer_deletion;
  std::optional<std::string> stream_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamName, self.stream_name);
    visit(Rule{.name = "EnforceConsumerDeletion"}, self.enforce_consumer_deletion);
    visit(rules::kStreamArn, self.stream_arn);
  }
  friend bool operator==(const DeleteStreamRequest&, const DeleteStreamRequest&) = default;
};

}  // namespace forebay::wire::kinesis
