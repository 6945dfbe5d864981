#pragma once

#include <span>

#include "base/config.h"
#include "base/result.h"
#include "gateway/delivery_options.h"

namespace forebay::gateway {

/// Rows of `[delivery]`.
std::span<const Option> delivery_rows();
/// `[delivery]`, `[[delivery_schema]]` and `[[delivery_stream]]`. `account`, `region`: of the gateway.
/// Errors  invalid_argument, with the remedy.
Result<DeliveryOptions> delivery_options(const Config& config, std::string_view account, std::string_view region);

}  // namespace forebay::gateway
