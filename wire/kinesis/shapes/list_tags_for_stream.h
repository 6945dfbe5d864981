#pragma once

#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/tag.h"

namespace forebay::wire::kinesis {

struct ListTagsForStreamRequest {
  static constexpr std::string_view kShape = "ListTagsForStreamRequest";
  std::optional<std::string> stream_name;
  std::optional<std::string> exclusive_start_tag_key;
  std::optional<std::int32_t> limit;
  std::optional<std::string> stream_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamName, self.stream_name);
    visit(Rule{.name = "ExclusiveStartTagKey", .min = 1, .max = 128}, self.exclusive_start_tag_key);
    visit(Rule{.name = "Limit", .min = 1, .max = 50}, self.limit);
    visit(rules::kStreamArn, self.stream_arn);
  }
  friend bool operator==(const ListTagsForStreamRequest&, const ListTagsForStreamRequest&) = default;
};

struct ListTagsForStreamResponse {
  static constexpr std::string_view kShape = "ListTagsForStreamResponse";
  std::vector<Tag> tags;
  bool has_more_tags = false;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Tags", .required = true}, self.tags);
    visit(Rule{.name = "HasMoreTags", .required = true}, self.has_more_tags);
  }
  friend bool operator==(const ListTagsForStreamResponse&, const ListTagsForStreamResponse&) = default;
};

}  // namespace forebay::wire::kinesis
