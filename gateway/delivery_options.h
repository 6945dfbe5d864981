#pragma once

#include <string>

#include "gateway/delivery/engine/engine_options.h"
#include "gateway/delivery/stores/stores.h"
#include "gateway/firehose/declared_schema.h"

namespace forebay::gateway {

/// What `[delivery]` of the configuration says.
struct DeliveryOptions {
  delivery::StoreOptions stores;
  delivery::EngineOptions engine;
  std::string function_folder;  ///< programs of functions lie below it; empty: none may be run
  firehose::DeclaredSchemas schemas;
};

}  // namespace forebay::gateway
