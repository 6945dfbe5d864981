// On-demand streams under a clock that is moved by hand: more shards with load, fewer when it has long been over.
#include <gtest/gtest.h>

#include "gateway/stream/on_demand_scaler.h"
#include "tests/unit/gateway_core/log_fixture.h"

namespace forebay::test {
namespace {

using namespace forebay::gateway::stream;

/// One observation every ten seconds.
struct Watched {
  OnDemandOptions options;
  OnDemandRate rate{options};
  SteadyTime now{};
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::optional<OnDemandDecision> after(std::uint64_t records_per_s, std::uint64_t bytes_per_s, std::uint32_t shards) {
    now += options.interval;
    records += records_per_s * 10;
    bytes += bytes_per_s * 10;
    return rate.observe(now, records, bytes, shards);
  }
};

TEST(OnDemandRate, MoreThanHalfOfTheCapacityDoublesTheShards) {
  Watched stream;
  EXPECT_FALSE(stream.after(50'000, 0, 4));  // the first look has nothing to compare with
  EXPECT_FALSE(stream.after(2'000, 2_MiB, 4));
  const auto by_records = stream.after(2'001, 0, 4);
  ASSERT_TRUE(by_records);
  EXPECT_EQ(by_records->shards, 8u);
  EXPECT_NE(by_records->reason.find("2001 records/s"), std::string::npos) << by_records->reason;
  const auto by_bytes = stream.after(0, 5_MiB, 8);
  ASSERT_TRUE(by_bytes);
  EXPECT_EQ(by_bytes->shards, 16u);
}

TEST(OnDemandRate, ItStaysWithinItsBounds) {
  Watched stream;
  stream.after(0, 0, 150);
  EXPECT_EQ(stream.after(1'000'000, 0, 150)->shards, 200u);
  EXPECT_FALSE(stream.after(1'000'000, 0, 200));
  for (int i = 0; i < 200; ++i) EXPECT_FALSE(stream.after(0, 0, 4));
}

TEST(OnDemandRate, FewerShardsComeOnlyAfterALongCalmAndByHalves) {
  Watched stream;
  stream.after(0, 0, 16);
  ASSERT_FALSE(stream.after(7'000, 0, 16));
  int intervals = 0;
  std::optional<OnDemandDecision> decision;
  while (!decision && intervals < 1'000) {
    decision = stream.after(100, 0, 16);
    ++intervals;
  }
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->shards, 8u);
  EXPECT_NE(decision->reason.find("in the last 15 minutes"), std::string::npos) << decision->reason;
  EXPECT_GE(intervals, 90);
  EXPECT_EQ(stream.after(100, 0, 8)->shards, 4u);
  EXPECT_FALSE(stream.after(100, 0, 4));
}

TEST(OnDemandRate, ALoadThatWouldDoubleThemAgainKeepsTheShards) {
  Watched stream;
  stream.after(0, 0, 8);
  // Four shards would do for this, but at twice of it they would not.
  for (int i = 0; i < 300; ++i) EXPECT_FALSE(stream.after(1'100, 0, 8)) << i;
}

TEST(OnDemandRate, TotalsThatFallAreNoLoad) {
  Watched stream;
  stream.records = 1'000'000;
  stream.after(0, 0, 4);
  stream.records = 10;
  EXPECT_FALSE(stream.after(0, 0, 4));
}

struct OnDemandScalerTest : ::testing::Test {
  MemoryFileSystem disk;
  ManualClock clock;
  LogHarness harness{disk, clock};
  LogCapture lines;
  std::unique_ptr<OnDemandScaler> scaler;

  void SetUp() override {
    ASSERT_TRUE(harness.open());
    OnDemandOptions options;
    options.shards_min = 1;
    options.shard_records = 1;
    scaler = std::make_unique<OnDemandScaler>(*harness.log, clock, options, Logger(lines, "stream"));
  }
  glog::StreamId create(std::uint8_t mode) {
    auto work = LogHarness::create_work("s" + std::to_string(mode), 1);
    work.definition.mode = mode;
    return std::get<glog::CreateStreamWork>(harness.run(std::move(work))->work).definition.id;
  }
  void tick(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      clock.advance(Milliseconds(1'000));
      scaler->tick();
      while (harness.log->sequencer().turn()) {
      }
    }
  }
  [[nodiscard]] std::size_t open_count(glog::StreamId stream) const {
    return glog::open_shards(harness.log->directory()->streams.at(stream)->definition).size();
  }
};

TEST_F(OnDemandScalerTest, OnDemandStreamsFollowTheLoadAndTheLogSaysWhy) {
  const auto on_demand = create(1);
  const auto provisioned = create(0);
  tick(1);
  ASSERT_FALSE(harness.put(on_demand, 0, "a", 30)->error);
  ASSERT_FALSE(harness.put(provisioned, 0, "a", 30)->error);
  tick(11);
  EXPECT_EQ(open_count(on_demand), 2u);
  EXPECT_EQ(open_count(provisioned), 1u);
  bool told = false;
  for (const std::string& line : lines.lines())
    told = told ||
           (line.find("on-demand stream scaled") != std::string::npos && line.find("3 records/s") != std::string::npos);
  EXPECT_TRUE(told);
  tick(930);
  EXPECT_EQ(open_count(on_demand), 1u);
  EXPECT_EQ(open_count(provisioned), 1u);
}

}  // namespace
}  // namespace forebay::test
