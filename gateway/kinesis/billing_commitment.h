#pragma once

#include <optional>

#include "gateway/stream/stream_service.h"
#include "wire/kinesis/shapes/minimum_throughput_billing_commitment.h"

/// The one setting an account has: a commitment to pay for a minimum of throughput, for 24 hours at least. A gateway
/// bills nobody; it keeps the setting for tools that set and read it. Account attribute "billing_commitment": second it
/// began, second it was disabled (0: it was not), with a comma.
namespace forebay::gateway::kinesis {

wire::kinesis::MinimumThroughputBillingCommitmentOutput billing_commitment(const stream::Attributes& account,
                                                                           WallTime now);
/// None: it is so already.
std::optional<stream::AttributeChange> commitment_change(const stream::Attributes& account, bool enable, WallTime now);

}  // namespace forebay::gateway::kinesis
