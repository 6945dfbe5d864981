#pragma once

#include "wire/firehose/rules.h"

namespace forebay::wire::firehose {

struct DeleteDeliveryStreamRequest {
  static constexpr std::string_view kShape = "DeleteDeliveryStreamInput";
  std::optional<std::string> name;
  std::optional<bool> allow_force_delete;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kName, self.name);
    visit(Rule{.name = "AllowForceDelete"}, self.allow_force_delete);
  }
  friend bool operator==(const DeleteDeliveryStreamRequest&, const DeleteDeliveryStreamRequest&) = default;
};

}  // namespace forebay::wire::firehose
