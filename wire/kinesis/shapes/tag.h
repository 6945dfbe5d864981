#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct Tag {
  static constexpr std::string_view kShape = "Tag";
  std::string key;
  std::optional<std::string> value;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Key", .required = true}, self.key);
    visit(Rule{.name = "Value"}, self.value);
  }
  friend bool operator==(const Tag&, const Tag&) = default;
};

}  // namespace forebay::wire::kinesis
