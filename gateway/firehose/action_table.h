#pragma once

#include <span>

#include "gateway/firehose/action.h"

namespace forebay::gateway::firehose {

/// Every call this front knows, sorted by name.
std::span<const Action> action_table();
/// Null when there is none.
const Action* find_action(std::string_view name);

}  // namespace forebay::gateway::firehose
