#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct UpdateStreamRecordDistributionStrategyRequest {
  static constexpr std::string_view kShape = "UpdateStreamRecordDistributionStrategyRequest";
  std::optional<std::string> stream_arn;
  std::optional<std::string> record_distribution_strategy;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamArn.as_required(), self.stream_arn);
    visit(Rule{.name = "RecordDistributionStrategy", .required = true, .values = values::kRecordDistributionStrategy},
          self.record_distribution_strategy);
  }
  friend bool operator==(const UpdateStreamRecordDistributionStrategyRequest&,
                         const UpdateStreamRecordDistributionStrategyRequest&) = default;
};

}  // namespace forebay::wire::kinesis
