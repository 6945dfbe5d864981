#pragma once

#include <optional>
#include <string>

#include "gateway/kinesis/resource.h"

namespace forebay::gateway::kinesis {

/// Replaces the policy of a resource; none removes it.
Task<Reply> change_policy(Call& call, Resource resource, std::optional<std::string> policy);

}  // namespace forebay::gateway::kinesis
