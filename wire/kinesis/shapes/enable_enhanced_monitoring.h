#pragma once

#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/enhanced_monitoring_response.h"

namespace forebay::wire::kinesis {

struct EnableEnhancedMonitoringRequest {
  static constexpr std::string_view kShape = "EnableEnhancedMonitoringRequest";
  std::optional<std::string> stream_name;
  std::optional<std::vector<std::string>> shard_level_metrics;
  std::optional<std::string> stream_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamName, self.stream_name);
    visit(rules::kShardLevelMetrics, self.shard_level_metrics);
    visit(rules::kStreamArn, self.stream_arn);
  }
  friend bool operator==(const EnableEnhancedMonitoringRequest&, const EnableEnhancedMonitoringRequest&) = default;
};

}  // namespace forebay::wire::kinesis
