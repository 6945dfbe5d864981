#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct PutResourcePolicyRequest {
  static constexpr std::string_view kShape = "PutResourcePolicyRequest";
  std::optional<std::string> resource_arn;
  std::optional<std::string> policy;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kResourceArn, self.resource_arn);
    visit(Rule{.name = "Policy", .required = true}, self.policy);
  }
  friend bool operator==(const PutResourcePolicyRequest&, const PutResourcePolicyRequest&) = default;
};

}  // namespace forebay::wire::kinesis
