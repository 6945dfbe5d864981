#pragma once

#include "base/metrics.h"

namespace forebay::gateway::http {

inline constexpr MetricRow kHttpMetricRows[] = {
    {"forebay_http_connections", MetricType::gauge, "", "Open connections of the API port."},
    {"forebay_http_connections_total", MetricType::counter, "", "Connections accepted by the API port."},
    {"forebay_http_connections_refused_total", MetricType::counter, "",
     "Connections closed at once because the limit of connections was reached."},
    {"forebay_http_connections_cut_total", MetricType::counter, "", "Connections cut because a deadline passed."},
    {"forebay_http_connections_evicted_total", MetricType::counter, "",
     "Connections cut because request bodies used up their memory and this one was the slowest."},
    {"forebay_http_requests_total", MetricType::counter, "", "Requests answered, whatever the status."},
    {"forebay_http_request_faults_total", MetricType::counter, "", "Requests refused before a front saw them."},
    {"forebay_http_request_bytes_total", MetricType::counter, "", "Bytes of request bodies received."},
    {"forebay_http_response_bytes_total", MetricType::counter, "", "Bytes of response bodies sent."},
    {"forebay_http_body_memory_bytes", MetricType::gauge, "", "Memory charged for request bodies."},
    {"forebay_http_handler_faults_total", MetricType::counter, "", "Requests that ended in an internal error."},
    {"forebay_http2_connections_total", MetricType::counter, "", "Connections that spoke HTTP/2."},
    {"forebay_http2_floods_total", MetricType::counter, "",
     "HTTP/2 connections ended because they sent floods of frames that carry nothing, or a request head without end."},
};

/// The metrics of the HTTP layer.
struct HttpMetrics {
  explicit HttpMetrics(MetricsRegistry& registry)
      : connections(registry.gauge(kHttpMetricRows[0])),
        accepted(registry.counter(kHttpMetricRows[1])),
        refused(registry.counter(kHttpMetricRows[2])),
        cut(registry.counter(kHttpMetricRows[3])),
        evicted(registry.counter(kHttpMetricRows[4])),
        requests(registry.counter(kHttpMetricRows[5])),
        request_faults(registry.counter(kHttpMetricRows[6])),
        request_bytes(registry.counter(kHttpMetricRows[7])),
        response_bytes(registry.counter(kHttpMetricRows[8])),
        body_memory(registry.gauge(kHttpMetricRows[9])),
        handler_faults(registry.counter(kHttpMetricRows[10])),
        http2_connections(registry.counter(kHttpMetricRows[11])),
        floods(registry.counter(kHttpMetricRows[12])) {}

  Gauge& connections;
  Counter& accepted;
  Counter& refused;
  Counter& cut;
  Counter& evicted;
  Counter& requests;
  Counter& request_faults;
  Counter& request_bytes;
  Counter& response_bytes;
  Gauge& body_memory;
  Counter& handler_faults;
  Counter& http2_connections;
  Counter& floods;
};

}  // namespace forebay::gateway::http
