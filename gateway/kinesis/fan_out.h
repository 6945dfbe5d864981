#pragma once

#include "gateway/kinesis/pending_consumers.h"
#include "gateway/kinesis/subscription_table.h"

namespace forebay::gateway::kinesis {

/// What calls about consumers share across all loops.
struct FanOut {
  PendingConsumers pending;
  SubscriptionTable subscriptions;
};

}  // namespace forebay::gateway::kinesis
