#pragma once

#include <string>
#include <vector>

#include "gateway/delivery/engine/engine_options.h"
#include "gateway/delivery/stores/stores.h"
#include "gateway/firehose/config_delivery.h"

namespace forebay::gateway {

/// What `[delivery]`, `[[delivery_schema]]` and `[[delivery_stream]]` of the configuration say.
struct DeliveryOptions {
  delivery::StoreOptions stores;
  delivery::EngineOptions engine;
  std::string function_folder;  ///< programs of functions lie below it; empty: none may be run
  std::string secret_folder;    ///< password files of sinks lie in it; empty: none may be read
  firehose::DeclaredSchemas schemas;
  std::vector<firehose::ConfiguredDelivery> configured;  ///< for firehose::apply_deliveries()
};

}  // namespace forebay::gateway
