#include <gtest/gtest.h>

#include <algorithm>

#include "spool/journal_names.h"
#include "tests/unit/spool/spool_fixture.h"

// The agent's queue on a disk in memory. Limits and policies are in spool_limit_test.cpp, crashes in tests/crash.

namespace forebay::spool {

using Texts = std::vector<std::string>;

TEST(RecordChunk, RoundTripsKeysTimesAndData) {
  RecordChunk chunk("s");
  chunk.add("", from_millis(INT64_MAX), as_bytes("a"));
  chunk.add("", from_millis(INT64_MIN), as_bytes(""));
  chunk.add("k", from_millis(-5), as_bytes(std::string(300, 'x')));
  chunk.add("k", from_millis(0), as_bytes("b"));
  RecordChunkReader reader(chunk.bytes());
  const std::vector<std::pair<std::string, std::int64_t>> expected{
      {"", INT64_MAX}, {"", INT64_MIN}, {"k", -5}, {"k", 0}};
  for (const auto& [key, time] : expected) {
    const auto record = reader.next();
    ASSERT_TRUE(record);
    EXPECT_EQ(record->partition_key, key);
    EXPECT_EQ(to_millis(record->time), time);
  }
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.failed());
}

TEST(RecordChunk, EveryTruncationIsSeenAsDamageOrARecordBoundary) {
  RecordChunk chunk("s");
  for (int i = 0; i < 3; ++i) chunk.add("key", from_millis(i), as_bytes("data"));
  int clean = 0;
  for (std::size_t size = 0; size <= chunk.size_bytes(); ++size) {
    RecordChunkReader reader(chunk.bytes().first(size));
    while (reader.next()) {
    }
    clean += !reader.failed();
  }
  EXPECT_EQ(clean, 4);
}

TEST(Spool, RecordsComeBackInOrderWithDenseSequencesFromOne) {
  SpoolFixture fixture;
  auto spool = fixture.open();
  ASSERT_TRUE(spool);
  ASSERT_TRUE(fixture.put(*spool, "web", {"a", "b"}));
  ASSERT_TRUE(fixture.put(*spool, "sys", {"x"}));
  ASSERT_TRUE(fixture.put(*spool, "web", {"c"}));
  const auto batch = *spool->next_batch(fixture.lane(*spool, "web"), 0, {});
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->seal.first, 1U);
  EXPECT_EQ(batch->seal.count, 3U);
  EXPECT_EQ(fixture.texts_of(*batch), (Texts{"a", "b", "c"}));
  EXPECT_FALSE(*spool->next_batch(fixture.lane(*spool, "web"), 3, {}));
  EXPECT_FALSE(*spool->next_batch(fixture.lane(*spool, "none"), 0, {}));
}

TEST(Spool, SourcePositionsAreDurableWithTheRecordsAndForgottenOnRequest) {
  SpoolFixture fixture;
  {
    auto spool = fixture.open();
    ASSERT_TRUE(fixture.put(*spool, "web", {"a"}, "f1", "10"));
    ASSERT_TRUE(fixture.put(*spool, "web", {}, "f2", "20"));
    ASSERT_TRUE(fixture.put(*spool, "web", {"b"}, "f1", "30"));
  }
  {
    auto spool = fixture.open();
    const auto positions = spool->source_positions();
    EXPECT_EQ(as_text(positions.at("f1")), "30");
    EXPECT_EQ(as_text(positions.at("f2")), "20");
    spool->forget_source("f1");
    ASSERT_TRUE(fixture.put(*spool, "web", {"c"}));
  }
  const auto positions = fixture.open()->source_positions();
  EXPECT_FALSE(positions.contains("f1"));
  EXPECT_TRUE(positions.contains("f2"));
}

TEST(Spool, ASourceThatComesAgainAfterItWasForgottenKeepsItsNewPosition) {
  SpoolFixture fixture;
  {
    auto spool = fixture.open();
    ASSERT_TRUE(fixture.put(*spool, "web", {"a"}, "f1", "1"));
    spool->forget_source("f1");
    ASSERT_TRUE(fixture.put(*spool, "web", {"b"}, "f1", "2"));
    EXPECT_EQ(as_text(spool->source_positions().at("f1")), "2");
  }
  const auto positions = fixture.open()->source_positions();
  ASSERT_TRUE(positions.contains("f1"));
  EXPECT_EQ(as_text(positions.at("f1")), "2");
}

TEST(Spool, PositionsSurviveTheFilesThatHeldThem) {
  SpoolFixture fixture;
  {
    auto spool = fixture.open();
    ASSERT_TRUE(fixture.put(*spool, "web", {"a"}, "early", "1"));
    for (int i = 0; i < 60; ++i) ASSERT_TRUE(fixture.put(*spool, "web", {std::string(20'000, 'x')}));
    fixture.options.grace = Milliseconds(0);
  }
  {
    auto spool = fixture.open();
    fixture.drain(*spool, {}, true);
    ASSERT_TRUE(spool->close());
  }
  EXPECT_EQ(as_text(fixture.open()->source_positions().at("early")), "1");
  EXPECT_FALSE(fixture.disk.content("s/" + journal_file_name(1)).size());
}

TEST(Spool, OldLineagesAreListedFirstAndKeepTheirSequences) {
  SpoolFixture fixture;
  std::vector<Lineage> lineages;
  for (int run = 0; run < 5; ++run) {
    auto spool = fixture.open();
    lineages.push_back(spool->lineage());
    ASSERT_TRUE(fixture.put(*spool, "web", {std::to_string(run) + "a", std::to_string(run) + "b"}));
  }
  auto spool = fixture.open();
  const auto lanes = spool->lanes();
  ASSERT_EQ(lanes.size(), 5U);
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    EXPECT_EQ(lanes[i].lane.lineage, lineages[i]);
    EXPECT_EQ(lanes[i].first, 1U);
    EXPECT_EQ(lanes[i].last, 2U);
  }
  EXPECT_EQ(fixture.drain(*spool), (Texts{"0a", "0b", "1a", "1b", "2a", "2b", "3a", "3b", "4a", "4b"}));
}

TEST(Spool, ResendAfterRestartIsTheSameBatchWithTheSameBytes) {
  SpoolFixture fixture;
  Spool::BatchLimits limits;
  limits.bytes_max = 700;
  limits.map_version = 9;
  limits.shard_ranges = {{{0, 0}, {5, 5}}, {{5, 6}, HashKey::max()}};
  std::vector<SealedBatch> first;
  LaneId lane;
  {
    auto spool = fixture.open();
    lane = fixture.lane(*spool, "web");
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(fixture.put(*spool, "web", {std::string(200, 'a'), std::string(90, 'b'), std::to_string(i)}));
    }
    for (std::uint64_t after = 0; after < 60; after = first.back().seal.first + first.back().seal.count - 1) {
      first.push_back(**spool->next_batch(lane, after, limits));
    }
  }
  auto spool = fixture.open();
  for (const SealedBatch& batch : first) {
    const auto again = *spool->next_batch(lane, batch.seal.first - 1, {});
    ASSERT_TRUE(again);
    EXPECT_EQ(again->seal.count, batch.seal.count);
    EXPECT_EQ(again->seal.records_crc, batch.seal.records_crc);
    EXPECT_EQ(again->seal.map_version, 9U);
    EXPECT_EQ(again->seal.shard_ranges, limits.shard_ranges);
    EXPECT_EQ(fixture.texts_of(*again), fixture.texts_of(batch));
  }
}

TEST(Spool, BatchesKeepTheirLimitsUnlessOneRecordIsLarger) {
  SpoolFixture fixture;
  auto spool = fixture.open();
  ASSERT_TRUE(fixture.put(*spool, "web", {std::string(100, 'a'), std::string(5000, 'b'), std::string(100, 'c'), "d"}));
  Spool::BatchLimits limits;
  limits.bytes_max = 300;
  std::vector<std::uint64_t> counts;
  for (std::uint64_t after = 0; after < 4; after += counts.back()) {
    counts.push_back((*spool->next_batch(fixture.lane(*spool, "web"), after, limits))->seal.count);
  }
  EXPECT_EQ(counts, (std::vector<std::uint64_t>{1, 1, 2}));
  limits.records_max = 1;
  limits.bytes_max = 1_MiB;
  ASSERT_TRUE(fixture.put(*spool, "web", {"e", "f"}));
  EXPECT_EQ((*spool->next_batch(fixture.lane(*spool, "web"), 4, limits))->seal.count, 1U);
}

TEST(Spool, AcknowledgementsCostNoSyncOfTheirOwnAndSurviveWithTheNextCommit) {
  SpoolFixture fixture;
  {
    auto spool = fixture.open();
    ASSERT_TRUE(fixture.put(*spool, "web", {"a", "b"}));
    const auto syncs = fixture.disk.syncs();
    ASSERT_TRUE(spool->acknowledge(fixture.lane(*spool, "web"), 1, 77));
    EXPECT_EQ(fixture.disk.syncs(), syncs);
    ASSERT_TRUE(fixture.put(*spool, "web", {"c"}));
    EXPECT_EQ(fixture.disk.syncs(), syncs + 1);
  }
  auto spool = fixture.open();
  const auto lanes = spool->lanes();
  EXPECT_EQ(lanes[0].acked, 1U);
  EXPECT_EQ(lanes[0].incarnation, 77U);
  EXPECT_EQ(spool->usage().unacknowledged_records, 2U);
}

TEST(Spool, AcknowledgedDataLeavesAfterGraceAndComesBackWhenTheGatewayLostIt) {
  SpoolFixture fixture;
  auto spool = fixture.open();
  Texts expected;
  for (int i = 0; i < 12; ++i) {
    expected.push_back(std::string(20'000, static_cast<char>('a' + i)));
    ASSERT_TRUE(fixture.put(*spool, "web", {expected.back()}));
  }
  const LaneId lane = fixture.lane(*spool, "web");
  Spool::BatchLimits limits;
  limits.bytes_max = 50'000;
  const Texts sent = fixture.drain(*spool, limits, true);
  EXPECT_EQ(sent, expected);
  const auto seal = (*spool->next_batch(lane, 0, limits))->seal;
  ASSERT_TRUE(spool->lower_acknowledged(lane, 0));
  EXPECT_EQ(spool->usage().unacknowledged_records, 12U);
  EXPECT_EQ(fixture.drain(*spool, limits), expected);
  EXPECT_EQ((*spool->next_batch(lane, 0, {}))->seal.count, seal.count) << "cut as before";
  ASSERT_TRUE(spool->acknowledge(lane, 12, 1));
  const auto before = spool->usage().disk_bytes;
  fixture.clock.advance(std::chrono::hours(2));
  ASSERT_TRUE(fixture.put(*spool, "web", {"next"}));
  EXPECT_LT(spool->usage().disk_bytes, before);
}

TEST(Spool, DamageInUnsentDataIsDeclaredForExactlyTheMissingSequences) {
  SpoolFixture fixture;
  {
    auto spool = fixture.open();
    for (int i = 1; i <= 9; ++i) ASSERT_TRUE(fixture.put(*spool, "web", {std::to_string(i)}));
  }
  // Head at 4096, record i in the commit at 4096 * (1 + i).
  const Buffer noise(4096, 0xee);
  fixture.disk.overwrite("s/" + journal_file_name(1), 4096 * (1 + 4), noise);
  fixture.disk.overwrite("s/" + journal_file_name(1), 4096 * (1 + 5), noise);
  auto spool = fixture.open();
  EXPECT_EQ(spool->recovery_report().corrupt_holes, 1U);
  const Texts got = fixture.drain(*spool);
  const Texts own = fixture.drain(*spool);
  EXPECT_EQ(Delivered(got).records, (Texts{"1", "2", "3", "6", "7", "8", "9"}));
  const auto gap = std::find_if(own.begin(), own.end(), [](const auto& t) { return t.starts_with("{"); });
  ASSERT_NE(gap, own.end());
  EXPECT_EQ(*gap,
            R"({"_forebay":"gap","device":"d","source":"","from":4,"to":5,"count":2,"reason":"corrupt","run":1})");
  EXPECT_EQ(Delivered(own).declared, 2U) << "once";
  spool.reset();
  EXPECT_EQ(Delivered(fixture.drain(*fixture.open())).declared, 2U) << "once, also over a restart";
}

TEST(Spool, DamageInAnOldFileIsFoundWhenReadAndCostsOnlyWhatItHit) {
  SpoolFixture fixture;
  fixture.options.max_bytes = 40 * 128_KiB;
  Texts expected;
  {
    auto spool = fixture.open();
    for (int i = 0; i < 60; ++i) {
      expected.push_back(std::to_string(i) + std::string(9'000, 'x'));
      ASSERT_TRUE(fixture.put(*spool, "web", {expected.back()}));
    }
  }
  const Buffer noise(512, 0xee);
  fixture.disk.overwrite("s/" + journal_file_name(2), 4096, noise);             // a head
  fixture.disk.overwrite("s/" + journal_file_name(3), 4096 * 2 + 5000, noise);  // a commit with one record
  auto spool = fixture.open();
  fixture.drain(*spool);
  const Delivered delivered(fixture.drain(*spool));
  EXPECT_EQ(delivered.records.size(), 59U);
  EXPECT_EQ(delivered.declared, 1U);
  for (const std::string& text : delivered.records)
    EXPECT_NE(std::find(expected.begin(), expected.end(), text), expected.end());
}

TEST(Spool, DeclaredGapIsWrittenOnceAndSkipped) {
  SpoolFixture fixture;
  auto spool = fixture.open();
  ASSERT_TRUE(fixture.put(*spool, "web", {"a", "b", "c", "d"}));
  const LaneId lane = fixture.lane(*spool, "web");
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(spool->declare_gap({lane, 2, 3, "src\"", "gateway_lost"}));
  Texts got = fixture.drain(*spool);
  EXPECT_EQ(
      got,
      (Texts{"a", "d",
             R"({"_forebay":"gap","device":"d","source":"src\"","from":2,"to":3,"count":2,"reason":"gateway_lost",)"
             R"("run":1})"}));
  EXPECT_EQ((*spool->next_batch(lane, 1, {}))->seal.first, 4U);
}

TEST(Spool, RecordOverAQuarterOfAFileIsRefusedByName) {
  SpoolFixture fixture;
  auto spool = fixture.open();
  const auto refused = fixture.put(*spool, "web", {"ok", std::string(32_KiB + 1, 'x')});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::too_large);
  EXPECT_NE(refused.error().context.find("32768"), std::string::npos);
  EXPECT_TRUE(spool->lanes().empty());
  EXPECT_TRUE(fixture.put(*spool, "web", {std::string(32_KiB - 1, 'x')}));
}

TEST(Spool, ChunkLargerThanACommitIsSplitAndKeepsItsRecords) {
  SpoolFixture fixture;
  Texts expected;
  for (int i = 0; i < 400; ++i) expected.push_back(std::to_string(i) + std::string(500, 'x'));
  {
    auto spool = fixture.open();
    ASSERT_TRUE(fixture.put(*spool, "web", expected, "f", "end"));
    EXPECT_EQ(fixture.drain(*spool), expected);
  }
  auto spool = fixture.open();
  EXPECT_EQ(fixture.drain(*spool), expected);
  EXPECT_EQ(as_text(spool->source_positions().at("f")), "end");
}

TEST(Spool, FailedSyncStopsItForGood) {
  SpoolFixture fixture;
  auto spool = fixture.open();
  ASSERT_TRUE(fixture.put(*spool, "web", {"a"}));
  fixture.disk.fail_call(2, test::Fault::io_error);
  EXPECT_EQ(fixture.put(*spool, "web", {"b"}).error().code, Errc::io);
  EXPECT_EQ(fixture.put(*spool, "web", {"c"}).error().code, Errc::io);
  spool.reset();
  EXPECT_EQ(fixture.drain(*fixture.open()), Texts{"a"});
}

TEST(Spool, ManyStreamsShareCommitsAndAreReadApart) {
  SpoolFixture fixture;
  auto spool = fixture.open();
  for (int i = 0; i < 50; ++i) {
    std::vector<RecordChunk> chunks;
    for (int s = 0; s < 7; ++s) {
      chunks.push_back(fixture.chunk("s" + std::to_string(s), {std::to_string(s) + "-" + std::to_string(i)}));
    }
    ASSERT_TRUE(spool->append(chunks));
  }
  Spool::BatchLimits limits;
  limits.records_max = 9;
  const Texts got = fixture.drain(*spool, limits);
  ASSERT_EQ(got.size(), 350U);
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_EQ(got[i], std::to_string(i / 50) + "-" + std::to_string(i % 50));
}

}  // namespace forebay::spool
