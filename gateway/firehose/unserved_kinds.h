#pragma once

#include <optional>
#include <string_view>

#include "wire/firehose/shapes/unserved.h"
#include "wire/kinesis/error_type.h"

/// What this gateway does not serve, refused by name with what it serves instead.
namespace forebay::gateway::firehose {

/// Fault  InvalidArgumentException: a destination of another kind is given.
std::optional<wire::kinesis::Fault> refuse_unserved(const wire::firehose::UnservedDestinations& destinations);
/// InvalidArgumentException about a source: "MSK", "Database".
wire::kinesis::Fault refuse_source_kind(std::string_view kind);

}  // namespace forebay::gateway::firehose
