#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/kinesis/action.h"

namespace forebay::gateway::kinesis {

enum class MonitoringChange : std::uint8_t { enable, disable };

/// The common part of EnableEnhancedMonitoring and DisableEnhancedMonitoring.
Task<Reply> change_monitoring(Call& call, MonitoringChange change, std::optional<std::string> name,
                              std::optional<std::string> arn, std::vector<std::string> metrics);

}  // namespace forebay::gateway::kinesis
