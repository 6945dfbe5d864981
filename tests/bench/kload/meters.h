#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace kload {

/// Latencies in buckets of 1.6 %.
class Histogram {
 public:
  void add(std::uint64_t ns) {
    ++count_;
    max_ = std::max(max_, ns);
    ++buckets_[index(ns)];
  }
  void merge(const Histogram& other) {
    count_ += other.count_;
    max_ = std::max(max_, other.max_);
    for (std::size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  }
  [[nodiscard]] double ms(double quantile) const {
    const auto wanted = static_cast<std::uint64_t>(quantile * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i)
      if ((seen += buckets_[i]) > wanted) return value(i) / 1e6;
    return max_ms();
  }
  [[nodiscard]] double max_ms() const { return static_cast<double>(max_) / 1e6; }

 private:
  static std::size_t index(std::uint64_t v) {
    if (v < 64) return v;
    const int exponent = 63 - __builtin_clzll(v);
    return static_cast<std::size_t>(exponent - 5) * 64 + ((v >> (exponent - 6)) & 63);
  }
  static double value(std::size_t i) {
    if (i < 64) return static_cast<double>(i);
    const int exponent = static_cast<int>(i / 64) + 5;
    return (static_cast<double>(64 + i % 64) + 0.5) * static_cast<double>(std::uint64_t{1} << (exponent - 6));
  }

  std::vector<std::uint64_t> buckets_ = std::vector<std::uint64_t>(64 * 64);
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
};

/// What /proc says of the servers, summed.
struct ServerMeter {
  double cpu_seconds = 0;
  std::uint64_t write_bytes = 0;
  std::uint64_t rss_kb = 0;
  std::uint64_t peak_kb = 0;
};
ServerMeter read_servers(const std::vector<int>& pids);
/// CPU time of this program.
double own_cpu_seconds();

}  // namespace kload
