#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct UntagResourceRequest {
  static constexpr std::string_view kShape = "UntagResourceRequest";
  std::optional<std::vector<std::string>> tag_keys;
  std::optional<std::string> resource_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kTagKeys, self.tag_keys);
    visit(rules::kResourceArn, self.resource_arn);
  }
  friend bool operator==(const UntagResourceRequest&, const UntagResourceRequest&) = default;
};

}  // namespace forebay::wire::kinesis
