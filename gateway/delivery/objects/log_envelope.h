#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace forebay::gateway::delivery {

/// The message texts of one record that CloudWatch Logs sends to a subscriber (JSON, after gzip was opened). Control
/// messages have none.
/// Errors  corrupt: not that form; too_large: more than `messages_max`.
Result<std::vector<std::string>> read_log_messages(std::string_view json, std::size_t messages_max);

}  // namespace forebay::gateway::delivery
