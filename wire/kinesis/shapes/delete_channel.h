#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct DeleteChannelRequest {
  static constexpr std::string_view kShape = "DeleteChannelRequest";
  std::optional<std::string> channel_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kChannelArn, self.channel_arn);
  }
  friend bool operator==(const DeleteChannelRequest&, const DeleteChannelRequest&) = default;
};

}  // namespace forebay::wire::kinesis
