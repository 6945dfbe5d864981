#pragma once

#include "base/metrics.h"

namespace forebay::gateway::delivery {

inline constexpr MetricRow kDeliveryMetricRows[] = {
    {"forebay_delivery_records_total", MetricType::counter, "", "Records in the manifest or taken by a sink."},
    {"forebay_delivery_bytes_total", MetricType::counter, "", "Payload bytes of delivered records."},
    {"forebay_delivery_objects_total", MetricType::counter, "", "Objects put."},
    {"forebay_delivery_object_bytes_total", MetricType::counter, "", "Bytes of objects put."},
    {"forebay_delivery_cuts_total", MetricType::counter, "", "Cuts delivered and checkpointed."},
    {"forebay_delivery_failures_total", MetricType::counter, "",
     "Attempts that a store or sink refused; each is repeated."},
    {"forebay_delivery_conflicts_total", MetricType::counter, "",
     "Lanes stopped because an object or manifest entry with other content was there."},
    {"forebay_delivery_dead_letters_total", MetricType::counter, "", "Records given up, written to the error prefix."},
    {"forebay_delivery_lost_records_total", MetricType::counter, "",
     "Records that expired or were damaged before they were delivered; each range is declared."},
    {"forebay_delivery_buffer_bytes", MetricType::gauge, "", "Memory of open objects."},
    {"forebay_delivery_lanes", MetricType::gauge, "", "Lanes at work."},
    {"forebay_delivery_lag_ms", MetricType::gauge, "account,delivery", "Age of the oldest record not delivered."},
    {"forebay_delivery_behind_records", MetricType::gauge, "account,delivery", "Records not delivered."},
};

struct DeliveryMetrics {
  explicit DeliveryMetrics(MetricsRegistry& metrics)
      : registry(metrics),
        records(metrics.counter(kDeliveryMetricRows[0])),
        bytes(metrics.counter(kDeliveryMetricRows[1])),
        objects(metrics.counter(kDeliveryMetricRows[2])),
        object_bytes(metrics.counter(kDeliveryMetricRows[3])),
        cuts(metrics.counter(kDeliveryMetricRows[4])),
        failures(metrics.counter(kDeliveryMetricRows[5])),
        conflicts(metrics.counter(kDeliveryMetricRows[6])),
        dead_letters(metrics.counter(kDeliveryMetricRows[7])),
        lost_records(metrics.counter(kDeliveryMetricRows[8])),
        buffer_bytes(metrics.gauge(kDeliveryMetricRows[9])),
        lanes(metrics.gauge(kDeliveryMetricRows[10])) {}

  MetricsRegistry& registry;
  Counter& records;
  Counter& bytes;
  Counter& objects;
  Counter& object_bytes;
  Counter& cuts;
  Counter& failures;
  Counter& conflicts;
  Counter& dead_letters;
  Counter& lost_records;
  Gauge& buffer_bytes;
  Gauge& lanes;
};

}  // namespace forebay::gateway::delivery
