#include <gtest/gtest.h>

#include "spool/gap_record.h"
#include "tests/unit/spool/spool_fixture.h"

// What happens at the limits: each policy, the floor, a full disk; and the sum produced = delivered + declared.

namespace forebay::spool {

using Texts = std::vector<std::string>;

static std::string text_of(int i) { return std::to_string(i) + ":" + std::string(5'000, 'x'); }

TEST(SpoolLimit, DropOldestStaysBelowTheLimitAndDeclaresExactlyWhatIsMissing) {
  for (const bool reopen : {false, true}) {
    SpoolFixture fixture;
    auto spool = fixture.open();
    for (int i = 0; i < 500; ++i) {
      ASSERT_TRUE(fixture.put(*spool, i % 2 ? "web" : "sys", {text_of(i)}));
      ASSERT_LE(spool->usage().disk_bytes, fixture.options.max_bytes);
      if (reopen && i % 50 == 49) {
        spool.reset();
        spool = fixture.open();
      }
    }
    const Delivered delivered(fixture.drain(*spool));
    EXPECT_EQ(delivered.records.size() + delivered.declared, 500U);
    EXPECT_GE(delivered.records.size(), reopen ? 60U : 70U) << "most of the limit is used";
    EXPECT_EQ(delivered.records.back().size(), text_of(499).size());
    EXPECT_EQ(spool->usage().unacknowledged_records >= delivered.records.size(), true);
  }
}

TEST(SpoolLimit, DropOldestLeavesABatchThatMayBeOnItsWay) {
  SpoolFixture fixture;
  auto spool = fixture.open();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(fixture.put(*spool, "web", {text_of(i)}));
  Spool::BatchLimits limits;
  limits.records_max = 3;
  const LaneId lane = fixture.lane(*spool, "web");
  const auto sent = **spool->next_batch(lane, 0, limits);
  for (int i = 10; i < 400; ++i) ASSERT_TRUE(fixture.put(*spool, "web", {text_of(i)}));
  const auto again = *spool->next_batch(lane, 0, limits);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->seal.count, 3U);
  EXPECT_EQ(again->seal.records_crc, sent.seal.records_crc);
  const Delivered delivered(fixture.drain(*spool));
  EXPECT_EQ(delivered.records.size() + delivered.declared, 400U);
  EXPECT_EQ(delivered.records[0], text_of(0));
}

TEST(SpoolLimit, DropNewestKeepsTheOldMovesPositionsAndDeclaresLater) {
  for (const bool reopen : {false, true}) {
    SpoolFixture fixture;
    fixture.options.when_full = WhenFull::drop_newest;
    auto spool = fixture.open();
    for (int i = 0; i < 600; ++i) {
      const auto put = fixture.put(*spool, "web", {text_of(i)}, "f", std::to_string(i));
      ASSERT_TRUE(put) << i << put.error().to_string();
      ASSERT_LE(spool->usage().disk_bytes, fixture.options.max_bytes);
    }
    EXPECT_TRUE(spool->usage().full);
    if (reopen) {
      spool.reset();
      spool = fixture.open();
    }
    EXPECT_EQ(as_text(spool->source_positions().at("f")), "599");
    Delivered delivered(fixture.drain(*spool, {}, true));
    EXPECT_EQ(delivered.records[0], text_of(0));
    const std::size_t kept = delivered.records.size();
    ASSERT_TRUE(fixture.put(*spool, "web", {"later"}));
    const Delivered rest(fixture.drain(*spool, {}, true));
    EXPECT_EQ(rest.records.back(), "later");
    EXPECT_EQ(kept + rest.records.size() - 1 + delivered.declared + rest.declared, 600U);
  }
}

TEST(SpoolLimit, BlockAppendsAllOrNothingAndGoesOnWhenDrained) {
  SpoolFixture fixture;
  fixture.options.when_full = WhenFull::block;
  auto spool = fixture.open();
  int accepted = 0;
  for (; accepted < 1000; ++accepted) {
    const auto put = fixture.put(*spool, "web", {text_of(accepted)});
    if (put) continue;
    EXPECT_EQ(put.error().code, Errc::no_space);
    break;
  }
  ASSERT_GT(accepted, 70);
  ASSERT_LT(accepted, 1000);
  const auto lanes = spool->lanes();
  EXPECT_EQ(lanes[0].last, static_cast<std::uint64_t>(accepted));
  EXPECT_EQ(fixture.drain(*spool, {}, true).size(), static_cast<std::size_t>(accepted));
  EXPECT_TRUE(fixture.put(*spool, "web", {"after"}));
}

TEST(SpoolLimit, AcknowledgedDataIsFreedBeforeAnythingIsDropped) {
  SpoolFixture fixture;
  auto spool = fixture.open();
  for (int i = 0; i < 2000; ++i) {
    ASSERT_TRUE(fixture.put(*spool, "web", {text_of(i)}));
    fixture.drain(*spool, {}, true);
  }
  EXPECT_EQ(spool->usage().dropped_records, 0U);
  EXPECT_LE(spool->usage().disk_bytes, fixture.options.max_bytes / 2);
}

TEST(SpoolLimit, BelowTheFloorItCountsAsFull) {
  SpoolFixture fixture;
  fixture.options.when_full = WhenFull::block;
  fixture.options.free_space_floor = 1_MiB;
  fixture.disk.set_capacity(1_MiB + 300_KiB);
  auto spool = fixture.open();
  int accepted = 0;
  while (accepted < 1000 && fixture.put(*spool, "web", {text_of(accepted)})) ++accepted;
  EXPECT_GT(accepted, 20);
  EXPECT_LT(accepted, 40) << "two files fit above the floor";
  fixture.disk.set_capacity(UINT64_MAX);
  EXPECT_TRUE(fixture.put(*spool, "web", {"after"}));
}

TEST(SpoolLimit, FullDiskNeverStopsDropOldest) {
  SpoolFixture fixture;
  fixture.disk.set_capacity(450_KiB);
  auto spool = fixture.open();
  int refused = 0;
  for (int i = 0; i < 300; ++i) refused += !fixture.put(*spool, "web", {text_of(i)});
  EXPECT_EQ(refused, 0);
  const Delivered delivered(fixture.drain(*spool));
  EXPECT_EQ(delivered.records.size() + delivered.declared, 300U);
}

TEST(SpoolLimit, LimitLoweredBelowWhatIsThereStillDrains) {
  for (const WhenFull policy : {WhenFull::block, WhenFull::drop_newest, WhenFull::drop_oldest}) {
    SpoolFixture fixture;
    fixture.options.when_full = WhenFull::block;
    auto spool = fixture.open();
    int accepted = 0;
    while (accepted < 1000 && fixture.put(*spool, "web", {text_of(accepted)})) ++accepted;
    spool.reset();
    fixture.options.when_full = policy;
    fixture.options.max_bytes /= 2;
    spool = fixture.open();
    ASSERT_TRUE(spool);
    const std::uint64_t before = spool->usage().disk_bytes;
    Spool::BatchLimits limits;
    limits.records_max = 5;
    const Texts texts = fixture.drain(*spool, limits, true);
    ASSERT_EQ(texts.size(), static_cast<std::size_t>(accepted));
    EXPECT_EQ(texts.front(), text_of(0));
    EXPECT_LE(spool->usage().disk_bytes, before + 128_KiB) << "control files alone are small, and leave again";
    EXPECT_TRUE(fixture.put(*spool, "web", {"after"}));
    EXPECT_LE(spool->usage().disk_bytes, fixture.options.max_bytes);
  }
}

TEST(SpoolLimit, RecordsOfAnOlderLaneAreMovedThroughAFullSpoolWithoutLoss) {
  for (const WhenFull policy : {WhenFull::block, WhenFull::drop_newest, WhenFull::drop_oldest}) {
    SpoolFixture fixture;
    fixture.options.when_full = WhenFull::block;
    auto spool = fixture.open();
    int accepted = 0;
    while (accepted < 1000 && fixture.put(*spool, "web", {text_of(accepted)})) ++accepted;
    const LaneId old = fixture.lane(*spool, "web");
    spool.reset();
    fixture.options.when_full = policy;
    spool = fixture.open();
    Spool::BatchLimits limits;
    limits.records_max = 4;
    for (std::uint64_t after = 0;;) {
      const auto batch = spool->next_batch(old, after, limits);
      ASSERT_TRUE(batch) << batch.error().to_string();
      if (!*batch) break;
      after = (*batch)->seal.first + (*batch)->seal.count - 1;
      const auto moved =
          spool->move(fixture.chunk("web", fixture.texts_of(**batch), "m", std::to_string(after)), old, after);
      ASSERT_TRUE(moved) << moved.error().to_string();
      ASSERT_LE(spool->usage().disk_bytes, fixture.options.max_bytes + 2 * 128_KiB);
    }
    EXPECT_EQ(spool->usage().dropped_records, 0u);
    const Texts texts = fixture.drain(*spool, {}, true);
    ASSERT_EQ(texts.size(), static_cast<std::size_t>(accepted));
    for (int i = 0; i < accepted; ++i) ASSERT_EQ(texts[static_cast<std::size_t>(i)], text_of(i));
  }
}

TEST(SpoolLimit, DiskWithLessThanAFileFreeStillDrains) {
  SpoolFixture fixture;
  fixture.options.when_full = WhenFull::block;
  auto spool = fixture.open();
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(fixture.put(*spool, "web", {text_of(i)}));
  spool.reset();
  fixture.disk.set_capacity(fixture.disk.used_bytes() + 100_KiB);
  spool = fixture.open();
  ASSERT_TRUE(spool);
  EXPECT_EQ(fixture.drain(*spool, {}, true).size(), 60u);
  EXPECT_TRUE(fixture.put(*spool, "web", {"after"})) << "what was acknowledged has left";
}

/// Every gap record among the texts, read back.
static std::vector<GapRecord> gaps_in(const Texts& texts) {
  std::vector<GapRecord> gaps;
  for (const std::string& text : texts) {
    if (auto gap = parse_gap_record(text)) gaps.push_back(*gap);
  }
  return gaps;
}

TEST(SpoolLimit, LostGapRecordsLiveOnInTheNextOnesWithTheirRanges) {
  for (const bool reopen : {false, true}) {
    SpoolFixture fixture;
    auto spool = fixture.open();
    const int produced = 1'000;  // many times what fits, so that gap records are dropped themselves
    for (int i = 0; i < produced; ++i) {
      ASSERT_TRUE(fixture.put(*spool, "web", {text_of(i)}, "file-1", std::to_string(i)));
      if (reopen && i == 700) {
        spool.reset();
        spool = fixture.open();
      }
    }
    const Texts texts = fixture.drain(*spool);
    const auto gaps = gaps_in(texts);
    std::map<std::uint64_t, RangeSet> lost;  // by run
    std::uint64_t declared = 0;
    bool folded = false;
    for (const GapRecord& gap : gaps) {
      EXPECT_EQ(gap.source, "file-1");
      std::uint64_t named = 0;
      for (const SequenceRange& range : gap.ranges) {
        named += range.count();
        EXPECT_EQ(lost[gap.run].count_in(range), 0U) << "declared twice: " << to_json(gap);
        lost[gap.run].add(range);
      }
      EXPECT_EQ(named, gap.count) << to_json(gap);
      declared += gap.count;
      folded = folded || gap.ranges.size() > 1;
    }
    EXPECT_TRUE(folded);
    EXPECT_EQ(Delivered(texts).records.size() + declared, static_cast<std::size_t>(produced));
    if (!reopen) {
      EXPECT_EQ(spool->usage().dropped_records, declared) << "each lost record is counted once";
    }
  }
}

TEST(SpoolLimit, DropOldestNamesTheSourceOnlyWhenThereWasOne) {
  SpoolFixture fixture;
  auto spool = fixture.open();
  for (int i = 0; i < 400; ++i) {
    ASSERT_TRUE(fixture.put(*spool, "web", {text_of(i)}, "one", "1"));
    ASSERT_TRUE(fixture.put(*spool, "sys", {text_of(i)}, i % 2 ? "two" : "three", "1"));
  }
  for (const LaneStatus& status : spool->lanes()) {
    const auto batch = *spool->next_batch(status.lane, status.first - 1, {});
    ASSERT_TRUE(batch);
    for (const GapRecord& gap : gaps_in(fixture.texts_of(*batch))) {
      EXPECT_EQ(gap.source, status.lane.stream == "web" ? "one" : "") << to_json(gap);
    }
  }
}

TEST(SpoolLimit, TinyLimitIsRefusedByName) {
  SpoolFixture fixture;
  fixture.options.max_bytes = 3 * 128_KiB;
  EXPECT_FALSE(fixture.open());
  EXPECT_EQ(fixture.error.code, Errc::invalid_argument);
  EXPECT_NE(fixture.error.context.find("max_size"), std::string::npos);
}

}  // namespace forebay::spool
