// The text a Prometheus server reads: heads, labels, escapes, cumulative buckets.
#include "base/metrics.h"

#include <gtest/gtest.h>

namespace forebay {
namespace {

constexpr MetricRow kRecords{"forebay_test_records_total", MetricType::counter, "stream,reason",
                             "Records, a \\ and\na line."};
constexpr MetricRow kBytes{"forebay_test_bytes", MetricType::gauge, "", "Bytes."};
constexpr MetricRow kWait{"forebay_test_wait_microseconds", MetricType::histogram, "loop", "Wait."};

TEST(Metrics, SameRowAndLabelsAreOneObject) {
  MetricsRegistry registry;
  Counter& a = registry.counter(kRecords, {"web", "late"});
  a.add(2);
  registry.counter(kRecords, {"web", "late"}).add(3);
  EXPECT_EQ(a.value(), 5u);
  EXPECT_NE(&registry.counter(kRecords, {"web", "other"}), &a);
}

TEST(Metrics, TextFormOfCountersAndGauges) {
  MetricsRegistry registry;
  registry.counter(kRecords, {"w\"eb\n", "late"}).add(2);
  registry.gauge(kBytes).set(-7);
  registry.counter(kRecords, {"web", "full"}).add();
  EXPECT_EQ(registry.to_prometheus_text(),
            "# HELP forebay_test_records_total Records, a \\\\ and\\na line.\n"
            "# TYPE forebay_test_records_total counter\n"
            "forebay_test_records_total{stream=\"w\\\"eb\\n\",reason=\"late\"} 2\n"
            "forebay_test_records_total{stream=\"web\",reason=\"full\"} 1\n"
            "# HELP forebay_test_bytes Bytes.\n"
            "# TYPE forebay_test_bytes gauge\n"
            "forebay_test_bytes -7\n");
}

TEST(Metrics, HistogramBucketsAreCumulativePowersOfTwo) {
  MetricsRegistry registry;
  Histogram& wait = registry.histogram(kWait, {"0"});
  for (const std::uint64_t v : {0u, 1u, 2u, 3u, 4u, 5u}) wait.observe(v);
  wait.observe(std::uint64_t{1} << 40);
  EXPECT_EQ(wait.bucket(0), 2u);
  EXPECT_EQ(wait.bucket(1), 1u);
  EXPECT_EQ(wait.bucket(2), 2u);
  EXPECT_EQ(wait.bucket(3), 1u);
  EXPECT_EQ(wait.bucket(Histogram::kBuckets - 1), 1u);
  const std::string text = registry.to_prometheus_text();
  EXPECT_NE(text.find("_bucket{loop=\"0\",le=\"4\"} 5\n"), std::string::npos) << text;
  EXPECT_NE(text.find("_bucket{loop=\"0\",le=\"+Inf\"} 7\n"), std::string::npos);
  EXPECT_NE(text.find("_count{loop=\"0\"} 7\n"), std::string::npos);
  EXPECT_NE(text.find("_sum{loop=\"0\"} 1099511627791\n"), std::string::npos);
}

TEST(Metrics, ASourceAddsFamiliesOfItsOwnAtEachExposition) {
  MetricsRegistry registry;
  std::vector<std::string> shards;
  registry.add_source([&shards](std::string& text) {
    if (shards.empty()) return;
    append_metric_head(text, kRecords);
    for (const std::string& shard : shards) append_metric_sample(text, kRecords, {shard, "x\n"}, 7);
  });
  EXPECT_EQ(registry.to_prometheus_text(), "");
  shards = {"a", "b"};
  EXPECT_EQ(registry.to_prometheus_text(),
            "# HELP forebay_test_records_total Records, a \\\\ and\\na line.\n"
            "# TYPE forebay_test_records_total counter\n"
            "forebay_test_records_total{stream=\"a\",reason=\"x\\n\"} 7\n"
            "forebay_test_records_total{stream=\"b\",reason=\"x\\n\"} 7\n");
  shards = {"b"};
  EXPECT_EQ(registry.to_prometheus_text().find("stream=\"a\""), std::string::npos);
}

}  // namespace
}  // namespace forebay
