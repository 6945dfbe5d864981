#pragma once

#include "base/result.h"
#include "gateway/delivery/delivery_service.h"
#include "gateway/firehose/document.h"

namespace forebay::gateway::firehose {

/// The definition in a stored document: what the delivery engine works by. What a builder or sink refuses (prefixes,
/// time zones, queries, addresses) it refuses when it is given the definition. Errors  invalid_argument: names the
/// member and what it may be; corrupt: no document.
Result<delivery::DeliveryDefinition> compile_document(const delivery::DeliveryInfo& info);
/// The same for a document at hand, complete (complete_document.h).
Result<delivery::DeliveryDefinition> compile_document(std::string_view name, const DeliveryDocument& document);

}  // namespace forebay::gateway::firehose
