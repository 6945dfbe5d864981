#pragma once

#include "base/metrics.h"

namespace forebay::gateway::kinesis {

inline constexpr MetricRow kKinesisMetricRows[] = {
    {"forebay_kinesis_calls_total", MetricType::counter, "", "Kinesis calls that reached their action."},
    {"forebay_kinesis_faults_total", MetricType::counter, "", "Kinesis calls answered with an error."},
    {"forebay_kinesis_put_records_total", MetricType::counter, "", "Records stored by PutRecord and PutRecords."},
    {"forebay_kinesis_put_bytes_total", MetricType::counter, "", "Data bytes of those records."},
    {"forebay_kinesis_put_failed_records_total", MetricType::counter, "",
     "Records of PutRecords that were refused singly."},
    {"forebay_kinesis_read_records_total", MetricType::counter, "", "Records returned by GetRecords."},
    {"forebay_kinesis_read_bytes_total", MetricType::counter, "", "Data bytes of those records."},
    {"forebay_kinesis_subscriptions", MetricType::gauge, "", "Subscriptions of SubscribeToShard being served."},
    {"forebay_kinesis_fan_out_events_total", MetricType::counter, "", "Events sent to subscriptions."},
    {"forebay_kinesis_fan_out_records_total", MetricType::counter, "", "Records in those events."},
    {"forebay_kinesis_fan_out_bytes_total", MetricType::counter, "", "Data bytes of those records."},
};

/// The metrics of the Kinesis front.
struct KinesisMetrics {
  explicit KinesisMetrics(MetricsRegistry& registry)
      : calls(registry.counter(kKinesisMetricRows[0])),
        faults(registry.counter(kKinesisMetricRows[1])),
        put_records(registry.counter(kKinesisMetricRows[2])),
        put_bytes(registry.counter(kKinesisMetricRows[3])),
        put_failed(registry.counter(kKinesisMetricRows[4])),
        read_records(registry.counter(kKinesisMetricRows[5])),
        read_bytes(registry.counter(kKinesisMetricRows[6])),
        subscriptions(registry.gauge(kKinesisMetricRows[7])),
        fan_out_events(registry.counter(kKinesisMetricRows[8])),
        fan_out_records(registry.counter(kKinesisMetricRows[9])),
        fan_out_bytes(registry.counter(kKinesisMetricRows[10])) {}

  Counter& calls;
  Counter& faults;
  Counter& put_records;
  Counter& put_bytes;
  Counter& put_failed;
  Counter& read_records;
  Counter& read_bytes;
  Gauge& subscriptions;
  Counter& fan_out_events;
  Counter& fan_out_records;
  Counter& fan_out_bytes;
};

}  // namespace forebay::gateway::kinesis
