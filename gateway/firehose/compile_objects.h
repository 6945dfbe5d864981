#pragma once

#include "base/result.h"
#include "gateway/delivery/definition.h"
#include "gateway/firehose/document.h"

namespace forebay::gateway::firehose {

/// The objects that a complete document's destination in a bucket asks for, with dynamic partitions and conversion.
/// Errors  invalid_argument: names the member and what it may be.
Result<delivery::ObjectDestination> compile_objects(const DeliveryDocument& document);
/// A destination in a bucket without these: backups and dead letters. `member` is its name in error texts.
Result<delivery::ObjectDestination> compile_objects(const wire::firehose::S3Members& s3, std::string_view member);

}  // namespace forebay::gateway::firehose
