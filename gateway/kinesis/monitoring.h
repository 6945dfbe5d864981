#pragma once

#include <string>
#include <vector>

#include "gateway/stream/stream_service.h"

/// Names of shard metrics that a stream has enabled: in stream::kShardMetricsAttribute, with commas.
namespace forebay::gateway::kinesis {

/// In the order of the service.
std::vector<std::string> enabled_metrics(const stream::Stream& stream);
/// `metrics` with or without `names`; ALL stands for the seven names.
std::vector<std::string> with_metrics(const std::vector<std::string>& metrics, const std::vector<std::string>& names);
std::vector<std::string> without_metrics(const std::vector<std::string>& metrics,
                                         const std::vector<std::string>& names);
/// What makes them the enabled ones.
stream::AttributeChange metrics_change(const std::vector<std::string>& metrics);

}  // namespace forebay::gateway::kinesis
