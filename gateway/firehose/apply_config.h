#pragma once

#include <string>
#include <vector>

#include "base/log.h"
#include "base/task.h"
#include "gateway/delivery/delivery_service.h"
#include "gateway/firehose/config_delivery.h"

namespace forebay::gateway::firehose {

/// Makes the delivery streams of the configuration, or brings them to what it says now. One whose source stream does
/// not exist yet is tried again every few seconds; any other refusal is logged and leaves what is there. One that is no
/// longer in the configuration is paused, so that nothing it has not delivered is lost; DeleteDeliveryStream removes
/// it. Threads  the executor it is awaited on; ends when all are made, or with its executor.
Task<void> apply_deliveries(delivery::DeliveryService& deliveries, std::string account,
                            std::vector<ConfiguredDelivery> wanted, Logger logger);

}  // namespace forebay::gateway::firehose
