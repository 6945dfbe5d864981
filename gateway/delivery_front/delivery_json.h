#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "gateway/delivery/delivery_service.h"

/// Delivery streams as the delivery front shows them. Times are milliseconds since 1970.
namespace forebay::gateway::delivery_front {

nlohmann::ordered_json info_json(const delivery::DeliveryInfo& info);
nlohmann::ordered_json status_json(const delivery::DeliveryStatus& status);
nlohmann::ordered_json replay_json(const delivery::ReplayStatus& replay);
/// The text a front keeps; secrets in it (members whose names speak of keys and passwords) are covered.
nlohmann::ordered_json document_json(std::string_view document);

}  // namespace forebay::gateway::delivery_front
