#pragma once

#include "base/result.h"
#include "gateway/delivery/definition.h"
#include "wire/firehose/shapes/processing.h"

namespace forebay::gateway::firehose {

/// What processors of a delivery stream do to its records; those of a configuration that is not enabled do nothing.
/// Errors  invalid_argument: names the processor and parameter, and what it may be.
Result<delivery::Processing> compile_processing(
    const std::optional<wire::firehose::ProcessingConfiguration>& configuration);

/// A delimiter as a parameter writes it: \n, \r, \t and \\ stand for what they do in C.
std::string escaped_delimiter(std::string_view delimiter);

}  // namespace forebay::gateway::firehose
