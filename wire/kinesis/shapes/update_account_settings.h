#pragma once

#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/minimum_throughput_billing_commitment.h"

namespace forebay::wire::kinesis {

struct UpdateAccountSettingsRequest {
  static constexpr std::string_view kShape = "UpdateAccountSettingsRequest";
  std::optional<MinimumThroughputBillingCommitmentInput> minimum_throughput_billing_commitment;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "MinimumThroughputBillingCommitment", .required = true},
          self.minimum_throughput_billing_commitment);
  }
  friend bool operator==(const UpdateAccountSettingsRequest&, const UpdateAccountSettingsRequest&) = default;
};

struct UpdateAccountSettingsResponse {
  static constexpr std::string_view kShape = "UpdateAccountSettingsResponse";
  std::optional<MinimumThroughputBillingCommitmentOutput> minimum_throughput_billing_commitment;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "MinimumThroughputBillingCommitment"}, self.minimum_throughput_billing_commitment);
  }
  friend bool operator==(const UpdateAccountSettingsResponse&, const UpdateAccountSettingsResponse&) = default;
};

}  // namespace forebay::wire::kinesis
