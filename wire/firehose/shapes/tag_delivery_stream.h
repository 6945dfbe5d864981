#pragma once

#include "wire/firehose/shapes/tag.h"

/// The three calls about tags.
namespace forebay::wire::firehose {

struct TagDeliveryStreamRequest {
  static constexpr std::string_view kShape = "TagDeliveryStreamInput";
  std::optional<std::string> name;
  std::optional<std::vector<Tag>> tags;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kName, self.name);
    visit(rules::kTags.as_required(), self.tags);
  }
  friend bool operator==(const TagDeliveryStreamRequest&, const TagDeliveryStreamRequest&) = default;
};

struct UntagDeliveryStreamRequest {
  static constexpr std::string_view kShape = "UntagDeliveryStreamInput";
  std::optional<std::string> name;
  std::optional<std::vector<std::string>> tag_keys;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kName, self.name);
    visit(Rule{.name = "TagKeys", .required = true, .min = 1, .max = kTagsMax, .element = {1, 128}}, self.tag_keys);
  }
  friend bool operator==(const UntagDeliveryStreamRequest&, const UntagDeliveryStreamRequest&) = default;
};

struct ListTagsForDeliveryStreamRequest {
  static constexpr std::string_view kShape = "ListTagsForDeliveryStreamInput";
  std::optional<std::string> name;
  std::optional<std::string> exclusive_start_tag_key;
  std::optional<std::int32_t> limit;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kName, self.name);
    visit(rules::kTagKey.named("ExclusiveStartTagKey"), self.exclusive_start_tag_key);
    visit(Rule{.name = "Limit", .min = 1, .max = kTagsMax}, self.limit);
  }
  friend bool operator==(const ListTagsForDeliveryStreamRequest&, const ListTagsForDeliveryStreamRequest&) = default;
};

struct ListTagsForDeliveryStreamResponse {
  static constexpr std::string_view kShape = "ListTagsForDeliveryStreamOutput";
  std::vector<Tag> tags;
  bool has_more_tags = false;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Tags", .required = true}, self.tags);
    visit(Rule{.name = "HasMoreTags", .required = true}, self.has_more_tags);
  }
  friend bool operator==(const ListTagsForDeliveryStreamResponse&, const ListTagsForDeliveryStreamResponse&) = default;
};

}  // namespace forebay::wire::firehose
