#include "gateway/kinesis/monitoring.h"

#include <algorithm>

#include "wire/kinesis/rules.h"

namespace forebay::gateway::kinesis {
namespace {

constexpr std::string_view kAll = "ALL";

template <class Test>
std::vector<std::string> metrics_if(Test&& test) {
  std::vector<std::string> metrics;
  for (const std::string_view name : wire::kinesis::values::kMetricName)
    if (name != kAll && test(name)) metrics.emplace_back(name);
  return metrics;
}

bool names_it(const std::vector<std::string>& names, std::string_view metric) {
  return std::any_of(names.begin(), names.end(), [&](const auto& name) { return name == metric || name == kAll; });
}

}  // namespace

std::vector<std::string> enabled_metrics(const stream::Stream& stream) {
  const auto found = stream.attributes.find(stream::kShardMetricsAttribute);
  if (found == stream.attributes.end()) return {};
  const std::string text = "," + found->second + ",";
  return metrics_if(
      [&](std::string_view name) { return text.find("," + std::string(name) + ",") != std::string::npos; });
}

std::vector<std::string> with_metrics(const std::vector<std::string>& metrics, const std::vector<std::string>& names) {
  return metrics_if([&](std::string_view name) { return names_it(metrics, name) || names_it(names, name); });
}

std::vector<std::string> without_metrics(const std::vector<std::string>& metrics,
                                         const std::vector<std::string>& names) {
  return metrics_if([&](std::string_view name) { return names_it(metrics, name) && !names_it(names, name); });
}

stream::AttributeChange metrics_change(const std::vector<std::string>& metrics) {
  if (metrics.empty()) return {std::string(stream::kShardMetricsAttribute), std::nullopt};
  std::string text;
  for (const std::string& name : metrics) text.append(text.empty() ? "" : ",").append(name);
  return {std::string(stream::kShardMetricsAttribute), std::move(text)};
}

}  // namespace forebay::gateway::kinesis
