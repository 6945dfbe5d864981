#pragma once

#include "gateway/firehose/firehose_metrics.h"
#include "gateway/http/http_metrics.h"
#include "gateway/kinesis/kinesis_metrics.h"
#include "gateway/upload/upload_metrics.h"

namespace forebay::gateway {

inline constexpr MetricRow kGatewayMetricRows[] = {
    {"forebay_auth_faults_total", MetricType::counter, "", "Requests whose key or signature was refused."},
    {"forebay_gateway_start_time_seconds", MetricType::gauge, "", "When the gateway started, seconds since 1970."},
};

/// The metrics of the program that no part of it owns, and those of its fronts.
struct GatewayMetrics {
  MetricsRegistry registry;
  http::HttpMetrics http{registry};
  kinesis::KinesisMetrics kinesis{registry};
  upload::UploadMetrics upload{registry};
  firehose::FirehoseMetrics firehose{registry};
  Counter& auth_faults = registry.counter(kGatewayMetricRows[0]);
  Gauge& start_time = registry.gauge(kGatewayMetricRows[1]);
};

}  // namespace forebay::gateway
