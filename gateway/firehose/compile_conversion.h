#pragma once

#include "base/result.h"
#include "gateway/delivery/definition.h"
#include "gateway/firehose/document.h"

namespace forebay::gateway::firehose {

/// The conversion to Parquet that a complete document asks for.
/// Errors  invalid_argument: ORC, and settings of a deserializer that would be lost.
Result<delivery::ParquetConversion> compile_conversion(const DeliveryDocument& document);

}  // namespace forebay::gateway::firehose
