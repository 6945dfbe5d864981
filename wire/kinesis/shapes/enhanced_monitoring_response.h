#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

/// The answer of EnableEnhancedMonitoring and DisableEnhancedMonitoring.
struct EnhancedMonitoringResponse {
  static constexpr std::string_view kShape = "EnhancedMonitoringResponse";
  std::optional<std::string> stream_name;
  std::vector<std::string> current_shard_level_metrics;  ///< before the call
  std::vector<std::string> desired_shard_level_metrics;  ///< after it
  std::optional<std::string> stream_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "StreamName"}, self.stream_name);
    visit(Rule{.name = "CurrentShardLevelMetrics"}, self.current_shard_level_metrics);
    visit(Rule{.name = "DesiredShardLevelMetrics"}, self.desired_shard_level_metrics);
    visit(Rule{.name = "StreamARN"}, self.stream_arn);
  }
  friend bool operator==(const EnhancedMonitoringResponse&, const EnhancedMonitoringResponse&) = default;
};

}  // namespace forebay::wire::kinesis
