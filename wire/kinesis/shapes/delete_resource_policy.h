#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct DeleteResourcePolicyRequest {
  static constexpr std::string_view kShape = "DeleteResourcePolicyRequest";
  std::optional<std::string> resource_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kResourceArn, self.resource_arn);
  }
  friend bool operator==(const DeleteResourcePolicyRequest&, const DeleteResourcePolicyRequest&) = default;
};

}  // namespace forebay::wire::kinesis
