#pragma once

#include <string>
#include <string_view>

#include "base/config.h"
#include "base/result.h"
#include "gateway/delivery/definition.h"
#include "gateway/firehose/declared_schema.h"

/// Delivery streams of the configuration file: the same documents as those of the API (document.h).
namespace forebay::gateway::firehose {

/// Rows of `[[delivery_stream]]` and `[[delivery_schema]]`.
OptionTable delivery_stream_table();
OptionTable delivery_schema_table();

/// Errors  invalid_argument: two schemas of one name, columns that are no NAME TYPE.
Result<DeclaredSchemas> declared_schemas(const Config& config);

/// A `[[delivery_stream]]`, checked.
struct ConfiguredDelivery {
  std::string name;
  std::string document;
  delivery::DeliveryDefinition definition;
};

/// In the order of the file. `account`, `region`: the gateway's own, for ARNs.
/// Errors  invalid_argument: names the table and what it may say.
Result<std::vector<ConfiguredDelivery>> configured_deliveries(const Config& config, const DeclaredSchemas& schemas,
                                                              std::string_view account, std::string_view region);

}  // namespace forebay::gateway::firehose
