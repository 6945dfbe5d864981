#pragma once

#include "base/result.h"
#include "gateway/firehose/declared_schema.h"
#include "gateway/firehose/document.h"

namespace forebay::gateway::firehose {

/// Fills in every default that the service documents (kinesis 6.3, 6.6, 6.7) and the columns of a declared schema, so
/// that what is stored says all there is. Filling in twice changes nothing.
/// Errors  invalid_argument: half of a pair is given; the schema is not declared.
Result<void> complete_document(DeliveryDocument& document, const DeclaredSchemas& schemas);

}  // namespace forebay::gateway::firehose
