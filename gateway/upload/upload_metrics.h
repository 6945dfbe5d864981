#pragma once

#include "base/metrics.h"

namespace forebay::gateway::upload {

inline constexpr MetricRow kUploadMetricRows[] = {
    {"forebay_upload_requests_total", MetricType::counter, "call", "Upload requests: open, batches, close."},
    {"forebay_upload_records_total", MetricType::counter, "", "Uploaded records made durable."},
    {"forebay_upload_bytes_total", MetricType::counter, "", "Bytes of uploaded parts made durable, as they came."},
    {"forebay_upload_lanes_total", MetricType::counter, "outcome", "Uploaded batches by outcome."},
};

/// The metrics of the upload front.
struct UploadMetrics {
  explicit UploadMetrics(MetricsRegistry& registry)
      : opens(registry.counter(kUploadMetricRows[0], {"open"})),
        batches(registry.counter(kUploadMetricRows[0], {"batches"})),
        closes(registry.counter(kUploadMetricRows[0], {"close"})),
        records(registry.counter(kUploadMetricRows[1])),
        bytes(registry.counter(kUploadMetricRows[2])),
        committed(registry.counter(kUploadMetricRows[3], {"committed"})),
        duplicate(registry.counter(kUploadMetricRows[3], {"duplicate"})),
        other(registry.counter(kUploadMetricRows[3], {"other"})),
        refused(registry.counter(kUploadMetricRows[3], {"refused"})) {}

  Counter& opens;
  Counter& batches;
  Counter& closes;
  Counter& records;
  Counter& bytes;
  Counter& committed;
  Counter& duplicate;
  Counter& other;
  Counter& refused;
};

}  // namespace forebay::gateway::upload
