#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct RemoveTagsFromStreamRequest {
  static constexpr std::string_view kShape = "RemoveTagsFromStreamRequest";
  std::optional<std::string> stream_name;
  std::optional<std::vector<std::string>> tag_keys;
  std::optional<std::string> stream_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamName, self.stream_name);
    visit(rules::kTagKeys, self.tag_keys);
    visit(rules::kStreamArn, self.stream_arn);
  }
  friend bool operator==(const RemoveTagsFromStreamRequest&, const RemoveTagsFromStreamRequest&) = default;
};

}  // namespace forebay::wire::kinesis
