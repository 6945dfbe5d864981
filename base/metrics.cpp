#include "base/metrics.h"

#include <algorithm>
#include <bit>

#include "base/assert.h"

namespace forebay {
namespace {

std::string_view type_name(MetricType type) {
  switch (type) {
    case MetricType::counter: return "counter";
    case MetricType::gauge: return "gauge";
    case MetricType::histogram: return "histogram";
  }
  FB_UNREACHABLE();
}

std::vector<std::string_view> label_names(std::string_view names) {
  std::vector<std::string_view> all;
  while (!names.empty()) {
    const std::size_t comma = names.find(',');
    std::string_view name = names.substr(0, comma);
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    all.push_back(name);
    names = comma == std::string_view::npos ? std::string_view() : names.substr(comma + 1);
  }
  return all;
}

void append_escaped(std::string& out, std::string_view text, bool quotes) {
  for (const char c : text) {
    if (c == '\\')
      out += "\\\\";
    else if (c == '\n')
      out += "\\n";
    else if (c == '"' && quotes)
      out += "\\\"";
    else
      out += c;
  }
}

/// `{a="1",b="2"}` with `le` last when given; nothing without labels.
std::string label_set(const MetricRow& row, const std::vector<std::string>& values, std::string_view le = {}) {
  std::string text;
  const std::vector<std::string_view> names = label_names(row.labels);
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += text.empty() ? '{' : ',';
    text += names[i];
    text += "=\"";
    append_escaped(text, values[i], true);
    text += '"';
  }
  if (!le.empty()) {
    text += text.empty() ? "{le=\"" : ",le=\"";
    text += le;
    text += '"';
  }
  if (!text.empty()) text += '}';
  return text;
}

void append_line(std::string& out, const MetricRow& row, std::string_view suffix, const std::string& labels,
                 const std::string& value) {
  out += row.name;
  out += suffix;
  out += labels;
  out += ' ';
  out += value;
  out += '\n';
}

void append_metric(std::string& out, const MetricRow& row, const std::vector<std::string>& values, const Counter& m) {
  append_line(out, row, "", label_set(row, values), std::to_string(m.value()));
}

void append_metric(std::string& out, const MetricRow& row, const std::vector<std::string>& values, const Gauge& m) {
  append_line(out, row, "", label_set(row, values), std::to_string(m.value()));
}

void append_metric(std::string& out, const MetricRow& row, const std::vector<std::string>& values, const Histogram& m) {
  std::uint64_t count = 0;
  for (int i = 0; i < Histogram::kBuckets; ++i) {
    count += m.bucket(i);
    const bool last = i + 1 == Histogram::kBuckets;
    const std::string le = last ? "+Inf" : std::to_string(std::uint64_t{1} << i);
    append_line(out, row, "_bucket", label_set(row, values, le), std::to_string(count));
  }
  append_line(out, row, "_sum", label_set(row, values), std::to_string(m.sum()));
  append_line(out, row, "_count", label_set(row, values), std::to_string(count));
}

/// All series of one row stand together below one head, rows in the order of their first use.
template <class All>
void append_all(std::string& out, const All& all) {
  std::vector<std::string_view> done;
  for (const auto& first : all) {
    if (std::find(done.begin(), done.end(), first.row->name) != done.end()) continue;
    done.push_back(first.row->name);
    append_metric_head(out, *first.row);
    for (const auto& series : all)
      if (series.row->name == first.row->name) append_metric(out, *series.row, series.label_values, series.metric);
  }
}

}  // namespace

void append_metric_head(std::string& out, const MetricRow& row) {
  out += "# HELP ";
  out += row.name;
  out += ' ';
  append_escaped(out, row.help, false);
  out += "\n# TYPE ";
  out += row.name;
  out += ' ';
  out += type_name(row.type);
  out += '\n';
}

void append_metric_sample(std::string& out, const MetricRow& row, const std::vector<std::string>& label_values,
                          std::uint64_t value) {
  append_line(out, row, "", label_set(row, label_values), std::to_string(value));
}

void Histogram::observe(std::uint64_t value) {
  // Bucket i holds values up to 2^i; the last one everything above.
  const int bucket = value <= 1 ? 0 : std::bit_width(value - 1);
  buckets_[std::min(bucket, kBuckets - 1)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

template <class M>
M& MetricsRegistry::find_or_add(std::deque<Series<M>>& all, const MetricRow& row,
                                std::initializer_list<std::string_view> values) {
  FB_ASSERT(label_names(row.labels).size() == values.size());
  std::lock_guard lock(mutex_);
  for (Series<M>& series : all)
    if (series.row->name == row.name && std::equal(values.begin(), values.end(), series.label_values.begin()))
      return series.metric;
  return all.emplace_back(&row, std::vector<std::string>(values.begin(), values.end())).metric;
}

Counter& MetricsRegistry::counter(const MetricRow& row, std::initializer_list<std::string_view> label_values) {
  FB_ASSERT(row.type == MetricType::counter);
  return find_or_add(counters_, row, label_values);
}

Gauge& MetricsRegistry::gauge(const MetricRow& row, std::initializer_list<std::string_view> label_values) {
  FB_ASSERT(row.type == MetricType::gauge);
  return find_or_add(gauges_, row, label_values);
}

Histogram& MetricsRegistry::histogram(const MetricRow& row, std::initializer_list<std::string_view> label_values) {
  FB_ASSERT(row.type == MetricType::histogram);
  return find_or_add(histograms_, row, label_values);
}

void MetricsRegistry::add_source(std::function<void(std::string&)> append) {
  const std::lock_guard lock(mutex_);
  sources_.push_back(std::move(append));
}

std::string MetricsRegistry::to_prometheus_text() const {
  std::lock_guard lock(mutex_);
  std::string text;
  append_all(text, counters_);
  append_all(text, gauges_);
  append_all(text, histograms_);
  for (const auto& append : sources_) append(text);
  return text;
}

}  // namespace forebay
