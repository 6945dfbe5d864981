#pragma once

#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/stream_mode_details.h"

namespace forebay::wire::kinesis {

struct UpdateStreamModeRequest {
  static constexpr std::string_view kShape = "UpdateStreamModeRequest";
  std::optional<std::string> stream_arn;
  std::optional<StreamModeDetails> stream_mode_details;
  std::optional<std::int32_t> warm_throughput_mibps;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamArn.as_required(), self.stream_arn);
    visit(Rule{.name = "StreamModeDetails", .required = true}, self.stream_mode_details);
    visit(rules::kWarmThroughput, self.warm_throughput_mibps);
  }
  friend bool operator==(const UpdateStreamModeRequest&, const UpdateStreamModeRequest&) = default;
};

}  // namespace forebay::wire::kinesis
