#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct TagResourceRequest {
  static constexpr std::string_view kShape = "TagResourceRequest";
  std::optional<StringMap> tags;
  std::optional<std::string> resource_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kTags.as_required(), self.tags);
    visit(rules::kResourceArn, self.resource_arn);
  }
  friend bool operator==(const TagResourceRequest&, const TagResourceRequest&) = default;
};

}  // namespace forebay::wire::kinesis
