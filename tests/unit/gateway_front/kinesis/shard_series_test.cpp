// Enhanced monitoring as an operator sees it: which series of single shards stand in the exposition, and when.
#include "gateway/kinesis/shard_series.h"

#include <gtest/gtest.h>

#include "gateway/kinesis/shard_limits.h"
#include "tests/support/manual_clock.h"
#include "tests/unit/gateway_front/kinesis/call_rig.h"

namespace forebay::gateway::test {
namespace {
using kinesis::Encoding;
using nlohmann::json;

struct ShardSeries : ::testing::Test {
  CallRig calls;

  CallAnswer call(std::string_view operation, const json& request) {
    CallAnswer answer = calls.call(operation, request, Encoding::json);
    EXPECT_TRUE(answer.raw.status == 200 || answer.type() == "ProvisionedThroughputExceededException")
        << operation << " " << answer.message();
    return answer;
  }
  void create(const char* name, int shards) { call("CreateStream", {{"StreamName", name}, {"ShardCount", shards}}); }
  void enable(const char* name, const json& metrics) {
    call("EnableEnhancedMonitoring", {{"StreamName", name}, {"ShardLevelMetrics", metrics}});
  }
  void disable(const char* name, const json& metrics) {
    call("DisableEnhancedMonitoring", {{"StreamName", name}, {"ShardLevelMetrics", metrics}});
  }
  void put(const char* name, const char* data, const char* hash) {
    call("PutRecord", {{"StreamName", name}, {"Data", data}, {"PartitionKey", "pk"}, {"ExplicitHashKey", hash}});
  }
  void read(const char* name, const char* shard) {
    const CallAnswer iterator = call(
        "GetShardIterator", {{"StreamName", name}, {"ShardId", shard}, {"ShardIteratorType", "TRIM_HORIZON"}});
    call("GetRecords", {{"ShardIterator", iterator.body["ShardIterator"]}});
  }
  [[nodiscard]] std::string text() const {
    std::string out;
    kinesis::append_shard_series(*calls.rig.streams, calls.clock.steady_now(), out);
    return out;
  }
  /// Value of a series of stream s; empty: it is not shown.
  [[nodiscard]] std::string value(const std::string& metric, const std::string& shard) const {
    const std::string all = text();
    const std::string series = "forebay_kinesis_shard_" + metric +
                               "{account=\"000000000000\",stream=\"s\",shard=\"shardId-00000000000" + shard + "\"} ";
    const std::size_t found = all.find(series);
    if (found == std::string::npos) return {};
    const std::size_t begin = found + series.size();
    return all.substr(begin, all.find('\n', begin) - begin);
  }
};

TEST_F(ShardSeries, NothingIsShownOfStreamsThatDidNotAsk) {
  create("s", 1);
  put("s", "aGk=", "0");
  EXPECT_EQ(text(), "");
}

TEST_F(ShardSeries, EachShardHasItsOwnCounts) {
  create("s", 2);
  enable("s", {"ALL"});
  put("s", "aGVsbG8=", "0");
  put("s", "aGk=", "0");
  put("s", "aGk=", "340282366920938463463374607431768211455");
  read("s", "0");
  read("s", "0");
  EXPECT_EQ(value("incoming_records_total", "0"), "2");
  EXPECT_EQ(value("incoming_bytes_total", "0"), "11") << "data and partition keys";
  EXPECT_EQ(value("incoming_records_total", "1"), "1");
  EXPECT_EQ(value("outgoing_records_total", "0"), "4");
  EXPECT_EQ(value("outgoing_bytes_total", "0"), "22");
  EXPECT_EQ(value("outgoing_records_total", "1"), "0");
  EXPECT_EQ(value("iterator_age_ms", "0"), "0") << "read to the tip";
  EXPECT_EQ(value("iterator_age_ms", "1"), "") << "nobody read it";
  EXPECT_EQ(value("write_throughput_exceeded_total", "0"), "0");
  EXPECT_NE(text().find("# TYPE forebay_kinesis_shard_iterator_age_ms gauge\n"), std::string::npos);
  EXPECT_NE(text().find("forebay_kinesis_shards_left_out 0\n"), std::string::npos);
}

TEST_F(ShardSeries, OnlyEnabledNamesAreShownAndTheyGoWhenDisabled) {
  create("s", 1);
  enable("s", {"IncomingRecords", "OutgoingBytes"});
  put("s", "aGk=", "0");
  EXPECT_EQ(value("incoming_records_total", "0"), "1");
  EXPECT_EQ(value("outgoing_bytes_total", "0"), "0");
  EXPECT_EQ(value("incoming_bytes_total", "0"), "");
  disable("s", {"IncomingRecords"});
  EXPECT_EQ(value("incoming_records_total", "0"), "");
  EXPECT_EQ(value("outgoing_bytes_total", "0"), "0");
  disable("s", {"ALL"});
  EXPECT_EQ(text(), "");
  enable("s", {"IncomingRecords"});
  EXPECT_EQ(value("incoming_records_total", "0"), "0") << "counted anew";
}

TEST_F(ShardSeries, ClosedShardsStayAndDeletedStreamsGo) {
  create("s", 1);
  create("other", 1);
  enable("s", {"IncomingRecords"});
  put("s", "aGk=", "0");
  call("SplitShard", {{"StreamName", "s"}, {"ShardToSplit", "0"}, {"NewStartingHashKey", "1000"}});
  put("s", "aGk=", "5000");
  EXPECT_EQ(value("incoming_records_total", "0"), "1");
  EXPECT_EQ(value("incoming_records_total", "1"), "0");
  EXPECT_EQ(value("incoming_records_total", "2"), "1");
  call("DeleteStream", {{"StreamName", "s"}});
  EXPECT_EQ(text(), "");
}

TEST_F(ShardSeries, WhatLimitsRefuseIsCounted) {
  kinesis::ShardLimitOptions options;
  options.streams["s"] =
      kinesis::ShardRates{.write_bytes = 1e7, .write_records = 2, .read_bytes = 1e7, .reads = 1};
  forebay::test::ManualClock still;
  calls.rig.kinesis_services->limits = std::make_shared<kinesis::ShardLimits>(options, still);
  create("s", 1);
  enable("s", {"ALL"});
  const json one = {{"Data", "aGk="}, {"PartitionKey", "a"}};
  call("PutRecords", {{"StreamName", "s"}, {"Records", {one, one, one, one, one}}});
  const CallAnswer place =
      call("GetShardIterator", {{"StreamName", "s"}, {"ShardId", "0"}, {"ShardIteratorType", "TRIM_HORIZON"}});
  for (int i = 0; i < 3; ++i) call("GetRecords", {{"ShardIterator", place.body["ShardIterator"]}});
  EXPECT_EQ(value("incoming_records_total", "0"), "2");
  EXPECT_EQ(value("write_throughput_exceeded_total", "0"), "3");
  EXPECT_EQ(value("read_throughput_exceeded_total", "0"), "2");
  EXPECT_EQ(value("outgoing_records_total", "0"), "2");
}

TEST_F(ShardSeries, AgeIsHowFarBehindAReaderEnds) {
  create("s", 1);
  enable("s", {"IteratorAgeMilliseconds"});
  put("s", "aGk=", "0");
  put("s", "aGk=", "0");
  const CallAnswer place =
      call("GetShardIterator", {{"StreamName", "s"}, {"ShardId", "0"}, {"ShardIteratorType", "TRIM_HORIZON"}});
  calls.clock.step(30);
  call("GetRecords", {{"ShardIterator", place.body["ShardIterator"]}, {"Limit", 1}});
  const long age = std::stol(value("iterator_age_ms", "0"));
  EXPECT_GE(age, 29'000);
  EXPECT_LE(age, 60'000);
  calls.clock.step(121);
  EXPECT_EQ(value("iterator_age_ms", "0"), "");
}

TEST_F(ShardSeries, ShardsAboveTheBoundAreCountedInstead) {
  calls.rig.kinesis_services->shard_limit = 10'000;
  create("s", 1500);
  create("t", 1500);
  enable("s", {"IncomingRecords"});
  enable("t", {"IncomingRecords"});
  const std::string all = text();
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), static_cast<long>(kinesis::kShownShardsMax) + 8 * 2 + 1);
  EXPECT_NE(all.find("forebay_kinesis_shards_left_out 1000\n"), std::string::npos);
}

}  // namespace
}  // namespace forebay::gateway::test
