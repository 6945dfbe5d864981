// Prints docs/METRICS.md from the very tables that the programs register their metrics by.
#include <iostream>
#include <string>

#include "agent/agent_metrics.h"
#include "agent/source/source_counts.h"
#include "gateway/delivery/engine/delivery_metrics.h"
#include "gateway/gateway_metrics.h"
#include "gateway/kinesis/shard_series.h"
#include "gateway/log/log_metrics.h"

namespace forebay {
namespace {

std::string_view type_name(MetricType type) {
  switch (type) {
    case MetricType::counter: return "counter";
    case MetricType::gauge: return "gauge";
    case MetricType::histogram: return "histogram";
  }
  return {};
}

void print(const MetricRow& row) {
  std::cout << "| `" << row.name << "` | " << type_name(row.type) << " | " << row.labels << " | " << row.help << " |\n";
}

void begin(std::string_view title, std::string_view text) {
  std::cout << "\n## " << title << "\n\n" << text << "\n\n| name | type | labels | what |\n|---|---|---|---|\n";
}

template <class Rows>
void print_all(const Rows& rows) {
  for (const MetricRow& row : rows) print(row);
}

void print_agent() {
  begin("forebay-agent", "Shown by `forebay-agent status --json`, member `metrics`.");
  for (const MetricRow* row : agent::metrics::kRows) print(*row);
  for (const agent::SourceCountRow& row : agent::kSourceCountRows) print(row.metric);
}

void print_gateway() {
  using namespace gateway::log;
  begin("forebay-gateway", "Served at `/metrics` of the admin port.");
  print_all(gateway::kGatewayMetricRows);
  print_all(gateway::http::kHttpMetricRows);
  print_all(gateway::kinesis::kKinesisMetricRows);
  print_all(gateway::kinesis::kShardMetricRows);
  print_all(gateway::firehose::kFirehoseMetricRows);
  print_all(gateway::upload::kUploadMetricRows);
  print_all(gateway::delivery::kDeliveryMetricRows);
  for (const MetricRow* row :
       {&kCommitsMetric, &kCommitMicrosMetric, &kRecordsMetric, &kBytesMetric, &kLanesMetric, &kReroutedMetric,
        &kReshardsMetric, &kTailBytesMetric, &kCheckpointsMetric, &kCheckpointMillisMetric, &kHolesMetric,
        &kExpiredSegmentsMetric, &kLockedStreamsMetric, &kSpaceLowMetric})
    print(*row);
}

}  // namespace
}  // namespace forebay

int main() {
  std::cout << "# Metrics\n\nIn the Prometheus text format. Printed from the tables of the programs "
               "(`tests/docs/metrics_page.cpp`); "
               "renewed by `tests/e2e/docs.py BUILD --write`.\n";
  forebay::print_agent();
  forebay::print_gateway();
}
