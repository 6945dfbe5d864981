#pragma once

#include "base/metrics.h"

namespace forebay::gateway::firehose {

inline constexpr MetricRow kFirehoseMetricRows[] = {
    {"forebay_firehose_calls_total", MetricType::counter, "", "Firehose calls that reached their action."},
    {"forebay_firehose_faults_total", MetricType::counter, "", "Firehose calls answered with an error."},
    {"forebay_firehose_put_records_total", MetricType::counter, "", "Records stored by direct puts."},
    {"forebay_firehose_put_bytes_total", MetricType::counter, "", "Data bytes of those records."},
    {"forebay_firehose_put_failed_records_total", MetricType::counter, "",
     "Records of PutRecordBatch that were refused singly."},
};

/// The metrics of the Firehose front.
struct FirehoseMetrics {
  explicit FirehoseMetrics(MetricsRegistry& registry)
      : calls(registry.counter(kFirehoseMetricRows[0])),
        faults(registry.counter(kFirehoseMetricRows[1])),
        put_records(registry.counter(kFirehoseMetricRows[2])),
        put_bytes(registry.counter(kFirehoseMetricRows[3])),
        put_failed(registry.counter(kFirehoseMetricRows[4])) {}

  Counter& calls;
  Counter& faults;
  Counter& put_records;
  Counter& put_bytes;
  Counter& put_failed;
};

}  // namespace forebay::gateway::firehose
