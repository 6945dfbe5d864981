#pragma once

#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/minimum_throughput_billing_commitment.h"

namespace forebay::wire::kinesis {

struct DescribeAccountSettingsRequest {
  static constexpr std::string_view kShape = "DescribeAccountSettingsRequest";

  template <class Self, class Visitor>
  static void describe(Self&, Visitor&&) {}
  friend bool operator==(const DescribeAccountSettingsRequest&, const DescribeAccountSettingsRequest&) = default;
};

struct DescribeAccountSettingsResponse {
  static constexpr std::string_view kShape = "DescribeAccountSettingsResponse";
  std::optional<MinimumThroughputBillingCommitmentOutput> minimum_throughput_billing_commitment;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "MinimumThroughputBillingCommitment"}, self.minimum_throughput_billing_commitment);
  }
  friend bool operator==(const DescribeAccountSettingsResponse&, const DescribeAccountSettingsResponse&) = default;
};

}  // namespace forebay::wire::kinesis
