#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct StreamModeDetails {
  static constexpr std::string_view kShape = "StreamModeDetails";
  std::optional<std::string> stream_mode;  ///< PROVISIONED or ON_DEMAND

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "StreamMode", .required = true, .values = values::kStreamMode}, self.stream_mode);
  }
  friend bool operator==(const StreamModeDetails&, const StreamModeDetails&) = default;
};

}  // namespace forebay::wire::kinesis
