#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct IncreaseStreamRetentionPeriodRequest {
  static constexpr std::string_view kShape = "IncreaseStreamRetentionPeriodRequest";
  std::optional<std::string> stream_name;
  std::optional<std::int32_t> retention_period_hours;
  std::optional<std::string> stream_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamName, self.stream_name);
    visit(Rule{.name = "RetentionPeriodHours", .required = true}, self.retention_period_hours);
    visit(rules::kStreamArn, self.stream_arn);
  }
  friend bool operator==(const IncreaseStreamRetentionPeriodRequest&,
                         const IncreaseStreamRetentionPeriodRequest&) = default;
};

}  // namespace forebay::wire::kinesis
