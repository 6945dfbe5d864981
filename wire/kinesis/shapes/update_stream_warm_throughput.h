#pragma once

#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/stream_description.h"

namespace forebay::wire::kinesis {

struct UpdateStreamWarmThroughputRequest {
  static constexpr std::string_view kShape = "UpdateStreamWarmThroughputRequest";
  std::optional<std::string> stream_arn;
  std::optional<std::string> stream_name;
  std::optional<std::int32_t> warm_throughput_mibps;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamArn, self.stream_arn);
    visit(rules::kStreamName, self.stream_name);
    visit(rules::kWarmThroughput.as_required(), self.warm_throughput_mibps);
  }
  friend bool operator==(const UpdateStreamWarmThroughputRequest&, const UpdateStreamWarmThroughputRequest&) = default;
};

struct UpdateStreamWarmThroughputResponse {
  static constexpr std::string_view kShape = "UpdateStreamWarmThroughputResponse";
  std::optional<std::string> stream_arn;
  std::optional<std::string> stream_name;
  std::optional<WarmThroughput> warm_throughput;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "StreamARN"}, self.stream_arn);
    visit(Rule{.name = "StreamName"}, self.stream_name);
    visit(Rule{.name = "WarmThroughput"}, self.warm_throughput);
  }
  friend bool operator==(const UpdateStreamWarmThroughputResponse&,
                         const UpdateStreamWarmThroughputResponse&) = default;
};

}  // namespace forebay::wire::kinesis
