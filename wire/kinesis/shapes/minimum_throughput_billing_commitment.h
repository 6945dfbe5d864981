#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct MinimumThroughputBillingCommitmentInput {
  static constexpr std::string_view kShape = "MinimumThroughputBillingCommitmentInput";
  std::optional<std::string> status;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Status", .required = true, .values = values::kCommitmentStatus}, self.status);
  }
  friend bool operator==(const MinimumThroughputBillingCommitmentInput&,
                         const MinimumThroughputBillingCommitmentInput&) = default;
};

struct MinimumThroughputBillingCommitmentOutput {
  static constexpr std::string_view kShape = "MinimumThroughputBillingCommitmentOutput";
  std::string status;  ///< ENABLED, DISABLED or ENABLED_UNTIL_EARLIEST_ALLOWED_END
  std::optional<WallTime> started_at;
  std::optional<WallTime> ended_at;
  std::optional<WallTime> earliest_allowed_end_at;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Status", .required = true}, self.status);
    visit(Rule{.name = "StartedAt"}, self.started_at);
    visit(Rule{.name = "EndedAt"}, self.ended_at);
    visit(Rule{.name = "EarliestAllowedEndAt"}, self.earliest_allowed_end_at);
  }
  friend bool operator==(const MinimumThroughputBillingCommitmentOutput&,
                         const MinimumThroughputBillingCommitmentOutput&) = default;
};

}  // namespace forebay::wire::kinesis
