#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct GetResourcePolicyRequest {
  static constexpr std::string_view kShape = "GetResourcePolicyRequest";
  std::optional<std::string> resource_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kResourceArn, self.resource_arn);
  }
  friend bool operator==(const GetResourcePolicyRequest&, const GetResourcePolicyRequest&) = default;
};

struct GetResourcePolicyResponse {
  static constexpr std::string_view kShape = "GetResourcePolicyResponse";
  std::string policy;  ///< a JSON document; "{}" when there is none

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Policy", .required = true}, self.policy);
  }
  friend bool operator==(const GetResourcePolicyResponse&, const GetResourcePolicyResponse&) = default;
};

}  // namespace forebay::wire::kinesis
