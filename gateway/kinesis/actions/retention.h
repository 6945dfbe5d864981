#pragma once

#include <optional>
#include <string>

#include "gateway/kinesis/action.h"

namespace forebay::gateway::kinesis {

enum class RetentionChange : std::uint8_t { increase, decrease };

/// The common part of the two retention calls.
Task<Reply> change_retention(Call& call, RetentionChange change, std::optional<std::string> name,
                             std::optional<std::string> arn, std::int32_t hours);

}  // namespace forebay::gateway::kinesis
