#pragma once

#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/tag.h"

namespace forebay::wire::kinesis {

struct ListTagsForResourceRequest {
  static constexpr std::string_view kShape = "ListTagsForResourceRequest";
  std::optional<std::string> resource_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kResourceArn, self.resource_arn);
  }
  friend bool operator==(const ListTagsForResourceRequest&, const ListTagsForResourceRequest&) = default;
};

struct ListTagsForResourceResponse {
  static constexpr std::string_view kShape = "ListTagsForResourceResponse";
  std::vector<Tag> tags;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Tags"}, self.tags);
  }
  friend bool operator==(const ListTagsForResourceResponse&, const ListTagsForResourceResponse&) = default;
};

}  // namespace forebay::wire::kinesis
