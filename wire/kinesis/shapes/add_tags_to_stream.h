#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct AddTagsToStreamRequest {
  static constexpr std::string_view kShape = "AddTagsToStreamRequest";
  std::optional<std::string> stream_name;
  std::optional<StringMap> tags;
  std::optional<std::string> stream_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamName, self.stream_name);
    visit(rules::kTags.as_required(), self.tags);
    visit(rules::kStreamArn, self.stream_arn);
  }
  friend bool operator==(const AddTagsToStreamRequest&, const AddTagsToStreamRequest&) = default;
};

}  // namespace forebay::wire::kinesis
