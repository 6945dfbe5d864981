#pragma once

#include <optional>
#include <string_view>

#include "wire/kinesis/error_type.h"

namespace forebay::gateway::kinesis {

/// Whether a text is a policy of a resource: a JSON object with one or more statements that have Effect, Principal,
/// Action and Resource, at most 20 KiB. Fault  InvalidArgumentException naming what is wrong.
std::optional<wire::kinesis::Fault> refuse_policy(std::string_view text);

}  // namespace forebay::gateway::kinesis
