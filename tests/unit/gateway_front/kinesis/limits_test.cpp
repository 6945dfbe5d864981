// Limits per shard: the buckets alone with a clock of the test, and the errors of calls.
#include <gtest/gtest.h>

#include "gateway/kinesis/shard_limits.h"
#include "tests/support/manual_clock.h"
#include "tests/unit/gateway_front/kinesis/call_rig.h"

namespace forebay::gateway::test {
namespace {
using kinesis::Encoding;
using kinesis::ShardLimitOptions;
using kinesis::ShardLimits;
using kinesis::ShardRates;
using nlohmann::json;

const stream::StreamId kStream(1);
const stream::ShardNumber kShard(0);

ShardLimitOptions everywhere() {
  ShardLimitOptions options;
  options.common = ShardRates{};
  return options;
}

TEST(ShardLimits, OwnRatesOfAStreamGoBeforeTheCommonOnes) {
  forebay::test::ManualClock clock;
  ShardLimitOptions options = everywhere();
  options.streams["free"] = std::nullopt;
  options.streams["slow"] = ShardRates{.reads = 1};
  const ShardLimits limits(options, clock);
  EXPECT_EQ(limits.rates_of("free"), nullptr);
  EXPECT_EQ(limits.rates_of("slow")->reads, 1);
  EXPECT_EQ(limits.rates_of("any")->reads, 5);
  EXPECT_TRUE(options.any());
  EXPECT_FALSE(ShardLimitOptions().any());
}

TEST(ShardLimits, AThousandRecordsThenOneMoreEachMillisecond) {
  forebay::test::ManualClock clock;
  ShardLimits limits(everywhere(), clock);
  const ShardRates rates;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limits.take_write(rates, kStream, kShard, 1));
  EXPECT_FALSE(limits.take_write(rates, kStream, kShard, 1));
  EXPECT_TRUE(limits.take_write(rates, kStream, stream::ShardNumber(1), 1)) << "shards are apart";
  clock.advance(Milliseconds(1));
  EXPECT_TRUE(limits.take_write(rates, kStream, kShard, 1));
  EXPECT_FALSE(limits.take_write(rates, kStream, kShard, 1));
}

TEST(ShardLimits, AMebibyteASecondAndLargeRecordsOnCredit) {
  forebay::test::ManualClock clock;
  ShardLimits limits(everywhere(), clock);
  const ShardRates rates;
  EXPECT_TRUE(limits.take_write(rates, kStream, kShard, 1 << 20));
  EXPECT_FALSE(limits.take_write(rates, kStream, kShard, 1));
  clock.advance(Milliseconds(1000));
  EXPECT_TRUE(limits.take_write(rates, kStream, kShard, 10 << 20)) << "of 10 MiB";
  clock.advance(Milliseconds(9000));
  EXPECT_FALSE(limits.take_write(rates, kStream, kShard, 1)) << "paid back first";
  clock.advance(Milliseconds(10));
  EXPECT_TRUE(limits.take_write(rates, kStream, kShard, 1));
}

TEST(ShardLimits, ARefusedRecordTakesNothing) {
  forebay::test::ManualClock clock;
  ShardLimits limits(everywhere(), clock);
  const ShardRates rates;
  EXPECT_TRUE(limits.take_write(rates, kStream, kShard, (1 << 20) - 10));
  for (int i = 0; i < 2000; ++i) EXPECT_FALSE(limits.take_write(rates, kStream, kShard, 11));
  EXPECT_TRUE(limits.take_write(rates, kStream, kShard, 10));
}

TEST(ShardLimits, FiveReadsASecond) {
  forebay::test::ManualClock clock;
  ShardLimits limits(everywhere(), clock);
  const ShardRates rates;
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(limits.take_read(rates, kStream, kShard));
  EXPECT_FALSE(limits.take_read(rates, kStream, kShard));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(limits.take_iterator(rates, kStream, kShard));
  EXPECT_FALSE(limits.take_iterator(rates, kStream, kShard));
  clock.advance(Milliseconds(200));
  EXPECT_TRUE(limits.take_read(rates, kStream, kShard));
  EXPECT_FALSE(limits.take_read(rates, kStream, kShard));
}

TEST(ShardLimits, AnAnswerOfTenMebibytesClosesTheShardForFiveSeconds) {
  forebay::test::ManualClock clock;
  ShardLimits limits(everywhere(), clock);
  const ShardRates rates;
  EXPECT_TRUE(limits.take_read(rates, kStream, kShard));
  limits.charge_read(rates, kStream, kShard, 10 << 20);
  clock.advance(Milliseconds(4999));
  EXPECT_FALSE(limits.take_read(rates, kStream, kShard));
  clock.advance(Milliseconds(1));
  EXPECT_TRUE(limits.take_read(rates, kStream, kShard));
}

TEST(ShardLimits, TwoMebibytesASecondAreRead) {
  forebay::test::ManualClock clock;
  ShardLimits limits(everywhere(), clock);
  const ShardRates rates;
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(limits.take_read(rates, kStream, kShard));
    limits.charge_read(rates, kStream, kShard, 1 << 20);
  }
  EXPECT_FALSE(limits.take_read(rates, kStream, kShard));
  clock.advance(Milliseconds(1000));
  EXPECT_TRUE(limits.take_read(rates, kStream, kShard));
}

/// A gateway whose shards take two records and give one answer while the clock stands still.
class LimitedCalls : public testing::TestWithParam<Encoding> {
 protected:
  LimitedCalls() {
    ShardLimitOptions options;
    options.streams["s"] = ShardRates{.write_bytes = 1e7, .write_records = 2, .read_bytes = 1e7, .reads = 1};
    rig.rig.kinesis_services->limits = std::make_shared<ShardLimits>(options, clock);
    call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 2}});
    call("CreateStream", {{"StreamName", "free"}, {"ShardCount", 1}});
  }
  CallAnswer call(std::string_view operation, const json& request) {
    return rig.call(operation, request, GetParam());
  }

  const std::string kWriteText = "Rate exceeded for shard shardId-000000000000 in stream s under account 000000000000.";
  const std::string kReadText = "Rate exceeded for Shard - 000000000000/s/shardId-000000000000";
  forebay::test::ManualClock clock;
  CallRig rig;
};

TEST_P(LimitedCalls, PutRecordsRefusesSinglyInTheOrderOfTheRequest) {
  const json low = {{"Data", "aGk="}, {"PartitionKey", "a"}, {"ExplicitHashKey", "0"}};
  json high = low;
  high["ExplicitHashKey"] = "340282366920938463463374607431768211455";
  const CallAnswer answer =
      call("PutRecords", {{"StreamName", "s"}, {"Records", {low, low, low, high, low}}});
  ASSERT_EQ(answer.raw.status, 200);
  EXPECT_EQ(answer.body["FailedRecordCount"], 2);
  const json refused = {{"ErrorCode", "ProvisionedThroughputExceededException"}, {"ErrorMessage", kWriteText}};
  const char* wanted[] = {"shardId-000000000000", "shardId-000000000000", "", "shardId-000000000001", ""};
  for (std::size_t i = 0; i < 5; ++i) {
    const json& entry = answer.body["Records"][i];
    if (*wanted[i] == '\0')
      EXPECT_EQ(entry, refused);
    else
      EXPECT_EQ(entry["ShardId"], wanted[i]);
  }
  const CallAnswer all = call("PutRecords", {{"StreamName", "s"}, {"Records", {low, low}}});
  EXPECT_EQ(all.raw.status, 200);
  EXPECT_EQ(all.body, json({{"FailedRecordCount", 2}, {"Records", {refused, refused}}}));
  const CallAnswer one =
      call("PutRecord", {{"StreamName", "s"}, {"Data", "aGk="}, {"PartitionKey", "a"}, {"ExplicitHashKey", "0"}});
  EXPECT_EQ(one.raw.status, 400);
  EXPECT_EQ(one.type(), "ProvisionedThroughputExceededException");
  EXPECT_EQ(one.message(), kWriteText);
  EXPECT_EQ(call("PutRecords", {{"StreamName", "free"}, {"Records", json::array({low, low, low, low})}})
                .body["FailedRecordCount"],
            0);
}

TEST_P(LimitedCalls, ReadsOverTheRateAreRefused) {
  const json where = {{"StreamName", "s"}, {"ShardId", "0"}, {"ShardIteratorType", "TRIM_HORIZON"}};
  const CallAnswer first = call("GetShardIterator", where);
  ASSERT_EQ(first.raw.status, 200);
  const CallAnswer second = call("GetShardIterator", where);
  EXPECT_EQ(second.type(), "ProvisionedThroughputExceededException");
  EXPECT_EQ(second.message(), kReadText);
  const json read = {{"ShardIterator", first.body["ShardIterator"]}};
  EXPECT_EQ(call("GetRecords", read).raw.status, 200);
  const CallAnswer refused = call("GetRecords", read);
  EXPECT_EQ(refused.raw.status, 400);
  EXPECT_EQ(refused.type(), "ProvisionedThroughputExceededException");
  EXPECT_EQ(refused.message(), kReadText);
  clock.advance(Milliseconds(1000));
  EXPECT_EQ(call("GetRecords", read).raw.status, 200);
}

INSTANTIATE_TEST_SUITE_P(Encodings, LimitedCalls, testing::Values(Encoding::json, Encoding::cbor));

}  // namespace
}  // namespace forebay::gateway::test
