// The decisions of the engine, each by itself.
#include <gtest/gtest.h>

#include "gateway/delivery/engine/cut_policy.h"
#include "gateway/delivery/engine/held_record.h"
#include "gateway/delivery/engine/memory_budget.h"
#include "gateway/delivery/engine/rate_limit.h"
#include "gateway/delivery/engine/sink_wait.h"
#include "wire/kinesis/aggregated_record.h"

namespace forebay::gateway::delivery {
namespace {

Filling filling(bool records, bool more, int age_ms = 0) {
  Filling lane;
  lane.has_records = records;
  lane.has_more = more;
  lane.age = Milliseconds(age_ms);
  lane.interval = Milliseconds(1000);
  return lane;
}

TEST(CutPolicy, WithoutRecordsThereIsNothingToCut) {
  EXPECT_EQ(next_step(filling(false, false, 5000)), FillStep::wait);
  EXPECT_EQ(next_step(filling(false, true)), FillStep::read);
  Filling ended = filling(false, false);
  ended.has_ended = true;
  EXPECT_EQ(next_step(ended), FillStep::finish);
}

TEST(CutPolicy, SizeMemoryIntervalAndTheEndCut) {
  for (bool Filling::*flag : {&Filling::is_full, &Filling::is_squeezed}) {
    Filling lane = filling(true, true);
    EXPECT_EQ(next_step(lane), FillStep::read);
    lane.*flag = true;
    EXPECT_EQ(next_step(lane), FillStep::cut);
  }
  EXPECT_EQ(next_step(filling(true, false, 999)), FillStep::wait);
  EXPECT_EQ(next_step(filling(true, false, 1000)), FillStep::cut);
  Filling ended = filling(true, false);
  ended.has_ended = true;
  EXPECT_EQ(next_step(ended), FillStep::cut);
}

TEST(CutPolicy, ALaneThatIsBehindReadsWhatWasThereWhenItsIntervalEnded) {
  Filling lane = filling(true, true, 2000);
  EXPECT_EQ(next_step(lane), FillStep::read);
  lane.caught_up = true;
  EXPECT_EQ(next_step(lane), FillStep::cut);
}

TEST(SinkWait, DoublesWithinFifteenPercentUpToItsLimit) {
  const Milliseconds first(1000);
  const Milliseconds max(120'000);
  for (std::uint64_t random = 0; random < 100; ++random) {
    EXPECT_GE(sink_wait(1, first, max, random, {}), Milliseconds(850));
    EXPECT_LE(sink_wait(1, first, max, random, {}), Milliseconds(1150));
    EXPECT_GE(sink_wait(4, first, max, random, {}), Milliseconds(6800));
    EXPECT_LE(sink_wait(4, first, max, random, {}), Milliseconds(9200));
    EXPECT_LE(sink_wait(4'000'000'000, first, max, random, {}), max);
  }
  EXPECT_EQ(sink_wait(1, first, max, 0, Milliseconds(30'000)), Milliseconds(30'000));
}

TEST(RateLimit, NothingIsFreeAndLanesStandInOneLine) {
  const SteadyTime start{};
  RateLimit limit(100, start);
  EXPECT_EQ(limit.use(50, start), start + Milliseconds(500));
  EXPECT_EQ(limit.use(100, start), start + Milliseconds(1500));
  EXPECT_EQ(limit.use(100, start + Milliseconds(5000)), start + Milliseconds(6000));
  EXPECT_EQ(limit.read_bytes(1000), 100u);
  EXPECT_EQ(limit.read_bytes(10), 10u);
}

TEST(MemoryBudget, TheLargestHolderIsTold) {
  Gauge gauge;
  MemoryBudget budget(100, gauge);
  const int one = 0;
  const int two = 0;
  budget.report(&one, 60);
  budget.report(&two, 40);
  EXPECT_FALSE(budget.is_spent());
  budget.report(&two, 50);
  EXPECT_TRUE(budget.is_spent());
  EXPECT_TRUE(budget.is_largest(&one));
  EXPECT_FALSE(budget.is_largest(&two));
  EXPECT_EQ(gauge.value(), 110);
  // What is on its way already frees nothing by another cut: the next one is told.
  budget.is_leaving(&one);
  EXPECT_FALSE(budget.is_largest(&one));
  EXPECT_TRUE(budget.is_largest(&two));
  budget.report(&one, 60);
  EXPECT_TRUE(budget.is_largest(&one));
  budget.report(&one, 0);
  EXPECT_FALSE(budget.is_spent());
  EXPECT_TRUE(budget.is_largest(&two));
}

TEST(HeldRecord, AggregatesAreOpenedWhenAskedFor) {
  wire::kinesis::AggregatedRecordPacker packer;
  packer.add({"k1", {}, as_bytes("one")});
  packer.add({"k2", {}, as_bytes("two")});
  const Buffer data = packer.finish();
  DeliveryRecord record;
  record.offset = stream::Offset(7);
  record.partition_key = "outer";
  record.data = data;
  std::deque<HeldRecord> closed;
  EXPECT_EQ(hold(record, false, closed), data.size() + 5);
  ASSERT_EQ(closed.size(), 1u);
  std::deque<HeldRecord> open;
  EXPECT_EQ(hold(record, true, open), 10u);
  ASSERT_EQ(open.size(), 2u);
  EXPECT_EQ(open[1].partition_key, "k2");
  EXPECT_EQ(open[1].sub_sequence, 1u);
  EXPECT_TRUE(open[1].aggregated);
  EXPECT_EQ(open[1].offset, record.offset);
  EXPECT_EQ(as_text(open[1].data), "two");
}

}  // namespace
}  // namespace forebay::gateway::delivery
