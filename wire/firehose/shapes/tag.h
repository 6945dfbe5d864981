#pragma once

#include "wire/firehose/rules.h"

namespace forebay::wire::firehose {

struct Tag {
  static constexpr std::string_view kShape = "Tag";
  static constexpr std::string_view kPackage = kJavaPackage;
  std::optional<std::string> key;
  std::optional<std::string> value;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kTagKey.as_required(), self.key);
    visit(rules::kTagValue, self.value);
  }
  friend bool operator==(const Tag&, const Tag&) = default;
};

}  // namespace forebay::wire::firehose
