#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace forebay {

enum class MetricType : std::uint8_t { counter, gauge, histogram };

/// One row of a metrics table: agent/agent_metrics.h, gateway/gateway_metrics.h, spool/spool_metrics.h.
/// docs/METRICS.md is printed from the same rows.
struct MetricRow {
  std::string_view name;    ///< forebay_<module>_<what>_<unit>[_total]
  MetricType type;
  std::string_view labels;  ///< names, comma separated, or empty
  std::string_view help;
};

/// Threads  any, without locks.
class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class Gauge {
 public:
  void set(std::int64_t v) { value_.store(v, std::memory_order_relaxed); }
  void add(std::int64_t n) { value_.fetch_add(n, std::memory_order_relaxed); }
  [[nodiscard]] std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

/// Fixed power-of-two buckets from 1 microsecond up (or 1 of any unit); sum and count.
class Histogram {
 public:
  static constexpr int kBuckets = 28;
  void observe(std::uint64_t value);
  [[nodiscard]] std::uint64_t bucket(int i) const { return buckets_[i].load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> buckets_[kBuckets]{};
  std::atomic<std::uint64_t> sum_{0};
};

/// The two parts of a family in the text exposition: its head once, then a line for each series. `label_values` match
/// the row's labels, in order. For families whose series come and go; see MetricsRegistry::add_source().
void append_metric_head(std::string& out, const MetricRow& row);
void append_metric_sample(std::string& out, const MetricRow& row, const std::vector<std::string>& label_values,
                          std::uint64_t value);

/// All metrics of one program. Metrics live as long as the registry; references stay valid.
/// Threads  creation takes a lock, use does not.
class MetricsRegistry {
 public:
  /// `label_values` match the row's labels, in order; the same row and values give the same object.
  Counter& counter(const MetricRow& row, std::initializer_list<std::string_view> label_values = {});
  Gauge& gauge(const MetricRow& row, std::initializer_list<std::string_view> label_values = {});
  Histogram& histogram(const MetricRow& row, std::initializer_list<std::string_view> label_values = {});
  /// `append` adds whole families of its own to every exposition, behind the others. It must not use the registry.
  void add_source(std::function<void(std::string&)> append);
  /// Prometheus text exposition, version 0.0.4.
  [[nodiscard]] std::string to_prometheus_text() const;

 private:
  template <class M>
  struct Series {
    const MetricRow* row;
    std::vector<std::string> label_values;
    M metric;
  };
  template <class M>
  M& find_or_add(std::deque<Series<M>>& all, const MetricRow& row, std::initializer_list<std::string_view> values);

  mutable std::mutex mutex_;
  std::deque<Series<Counter>> counters_;
  std::deque<Series<Gauge>> gauges_;
  std::deque<Series<Histogram>> histograms_;
  std::vector<std::function<void(std::string&)>> sources_;
};

}  // namespace forebay
