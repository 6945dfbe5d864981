#pragma once

#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/channel_description.h"

namespace forebay::wire::kinesis {

struct DescribeChannelRequest {
  static constexpr std::string_view kShape = "DescribeChannelRequest";
  std::optional<std::string> channel_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kChannelArn, self.channel_arn);
  }
  friend bool operator==(const DescribeChannelRequest&, const DescribeChannelRequest&) = default;
};

struct DescribeChannelResponse {
  static constexpr std::string_view kShape = "DescribeChannelResponse";
  ChannelDescription channel_description;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "ChannelDescription", .required = true}, self.channel_description);
  }
  friend bool operator==(const DescribeChannelResponse&, const DescribeChannelResponse&) = default;
};

}  // namespace forebay::wire::kinesis
