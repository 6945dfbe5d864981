// Rules G2 and G3 as a table, and the pieces that are pure.
#include "gateway/log/lane_table.h"

#include <gtest/gtest.h>

#include "gateway/log/arrival_clock.h"
#include "gateway/log/definition.h"
#include "gateway/log/entry.h"
#include "gateway/log/segment_name.h"
#include "tests/support/manual_clock.h"

namespace forebay::gateway::log {
namespace {

TEST(LaneTable, AnswersEveryRowOfRuleG2) {
  LaneTable lanes;
  LaneKey key;
  key.lineage.ordinal = 1;
  key.stream = StreamId(1);
  lanes.append(key, {1, 10, 100});
  lanes.append(key, {11, 10, 200});
  struct Row {
    std::uint64_t first, count;
    std::uint32_t crc;
    LaneVerdict verdict;
  };
  const Row rows[] = {
      {21, 5, 1, LaneVerdict::append},    {22, 5, 1, LaneVerdict::gap},         {11, 10, 200, LaneVerdict::duplicate},
      {11, 10, 201, LaneVerdict::forked}, {1, 10, 100, LaneVerdict::duplicate}, {5, 10, 1, LaneVerdict::unverified},
      {15, 10, 1, LaneVerdict::forked},   {1, 100, 1, LaneVerdict::forked},     {0, 1, 1, LaneVerdict::gap},
      {21, 0, 1, LaneVerdict::gap},       {~0ull, 2, 1, LaneVerdict::gap},      {21, 1ull << 33, 1, LaneVerdict::gap},
  };
  for (const Row& row : rows) {
    const LaneAnswer answer = lanes.check(key, 0, row.first, row.count, row.crc);
    EXPECT_EQ(answer.verdict, row.verdict) << row.first << "+" << row.count;
    EXPECT_EQ(answer.last, 20u);
  }
}

TEST(LaneTable, WhatAManifestHasIsNotTakenAgain) {
  LaneTable lanes;
  LaneKey key;
  key.lineage.ordinal = 1;
  key.stream = StreamId(1);
  lanes.append(key, {1, 10, 100});
  lanes.raise(key, 30);
  lanes.raise(key, 20);
  EXPECT_EQ(lanes.check(key, 0, 1, 10, 100).verdict, LaneVerdict::duplicate);
  EXPECT_EQ(lanes.check(key, 0, 11, 10, 1).verdict, LaneVerdict::unverified);
  EXPECT_EQ(lanes.check(key, 0, 25, 10, 1).verdict, LaneVerdict::forked);
  EXPECT_EQ(lanes.check(key, 0, 31, 10, 1).verdict, LaneVerdict::append);
  EXPECT_EQ(lanes.check(key, 0, 32, 10, 1).last, 30u);
  LaneKey other = key;
  other.lineage.nonce = 1;
  lanes.raise(other, 5);
  EXPECT_EQ(lanes.check(other, 0, 6, 1, 1).verdict, LaneVerdict::append);
  lanes.forget(key.lineage.root, 1);
  lanes.raise(key, 50);
  EXPECT_EQ(lanes.check(key, 0, 51, 1, 1).verdict, LaneVerdict::stale);
}

TEST(LaneTable, StaleSaysUpToWhichOrdinalItsRootIsForgotten) {
  LaneTable lanes;
  LaneKey key;
  key.lineage.ordinal = 5;
  lanes.forget(key.lineage.root, 40);
  EXPECT_EQ(lanes.check(key, 0, 1, 1, 1).last, 40u);
  key.lineage.root[0] ^= 1;
  EXPECT_EQ(lanes.check(key, 0, 1, 1, 1).verdict, LaneVerdict::append) << "another root";
}

TEST(LaneTable, UnknownLaneStartsAtTheAgreedBase) {
  LaneTable lanes;
  const LaneKey key;
  EXPECT_EQ(lanes.check(key, 0, 1, 1, 1).verdict, LaneVerdict::append);
  EXPECT_EQ(lanes.check(key, 100, 101, 1, 1).verdict, LaneVerdict::append);
  EXPECT_EQ(lanes.check(key, 100, 102, 1, 1).verdict, LaneVerdict::gap);
  EXPECT_EQ(lanes.check(key, 100, 50, 1, 1).verdict, LaneVerdict::unverified);
}

TEST(LaneTable, KnownLaneGoesOnBehindDeclaredLosses) {
  LaneTable lanes;
  const LaneKey key;
  lanes.append(key, {1, 10, 100});
  EXPECT_EQ(lanes.check(key, 50, 51, 5, 1).verdict, LaneVerdict::append);
  EXPECT_EQ(lanes.check(key, 50, 52, 5, 1).verdict, LaneVerdict::gap);
  // A base at or above the batch itself proves nothing.
  EXPECT_EQ(lanes.check(key, 60, 51, 5, 1).verdict, LaneVerdict::gap);
  EXPECT_EQ(lanes.check(key, 50, 1, 10, 100).verdict, LaneVerdict::duplicate);
}

TEST(LaneTable, OldRangesBecomeUnverifiedNeverNew) {
  LaneTable lanes;
  const LaneKey key;
  for (std::uint32_t i = 0; i < 10; ++i) lanes.append(key, {1 + i * 5ull, 5, i});
  EXPECT_EQ(lanes.check(key, 0, 46, 5, 9).verdict, LaneVerdict::duplicate);
  EXPECT_EQ(lanes.check(key, 0, 1, 5, 0).verdict, LaneVerdict::unverified);
}

TEST(LaneTable, MergeTwiceIsMergeOnce) {
  LaneTable lanes;
  const LaneKey key;
  for (int round = 0; round < 2; ++round)
    for (std::uint32_t i = 0; i < 3; ++i) lanes.merge(key, LaneRange{1 + i * 5ull, 5, i});
  EXPECT_EQ(lanes.find(key)->last, 15u);
  EXPECT_EQ(lanes.find(key)->range_count, 3);
}

TEST(EqualRanges, TileTheHashSpaceAsKinesisDoes) {
  for (const std::uint32_t count : {1u, 2u, 3u, 5u, 7u, 240u, 10'000u}) {
    const auto ranges = equal_ranges(count);
    ASSERT_EQ(ranges.size(), count);
    EXPECT_EQ(ranges.front().start, HashKey());
    EXPECT_EQ(ranges.back().end, HashKey::max());
    for (std::uint32_t i = 0; i + 1 < count; ++i) EXPECT_EQ(ranges[i].end.next(), ranges[i + 1].start);
  }
  EXPECT_EQ(to_decimal(equal_ranges(3)[0].end), "113427455640312821154458202477256070484");
  EXPECT_EQ(to_decimal(equal_ranges(2)[1].start), "170141183460469231731687303715884105728");
}

TEST(StreamDefinition, RoundTripsAndRefusesDamage) {
  StreamDefinition definition;
  definition.id = StreamId(7);
  definition.account = "000000000000";
  definition.name = "web";
  definition.retention_bytes = 5;
  ShardDefinition shard;
  shard.parent = ShardNumber(3);
  shard.closed = from_millis(99);
  definition.shards = {shard, shard};
  Buffer bytes;
  encode(definition, bytes);
  EXPECT_EQ(*decode_definition(bytes), definition);
  for (std::size_t size = 1; size < bytes.size(); ++size) EXPECT_FALSE(decode_definition(ByteView(bytes).first(size)));
  bytes[0] = 2;
  EXPECT_EQ(decode_definition(bytes).error().code, Errc::unsupported);
}

TEST(RecordsEntry, RoundTripsAndRefusesEveryCut) {
  RecordsHeader header;
  header.timeline = 3;
  EntryLane lane;
  lane.range = {5, 6, 7};
  header.lanes.push_back(lane);
  EntryBatch batch;
  batch.lane = 0;
  batch.length = 4;
  batch.record_count = 6;
  header.batches.push_back(batch);
  Buffer bytes;
  encode(header, bytes);
  EXPECT_EQ(bytes.size(), encoded_size(header));
  append(bytes, as_bytes("data"));
  const auto entry = decode_records(bytes);
  ASSERT_TRUE(entry);
  EXPECT_EQ(as_text(entry->bytes), "data");
  EXPECT_EQ(entry->header.lanes[0].range, lane.range);
  for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(decode_records(ByteView(bytes).first(size)));
}

TEST(SegmentRow, AnyFlippedBitIsFoundAndARowFitsOnlyItsPlace) {
  const SegmentIdentity identity{{StreamId(1), ShardNumber(2)}, Offset(100)};
  SegmentRow row;
  row.base = Offset(123);
  row.record_count = 4;
  row.length = 500;
  row.has_lane = true;
  row.range = {1, 4, 77};
  Buffer bytes;
  encode_row(identity, 9, row, bytes);
  ASSERT_EQ(bytes.size(), kRowSize);
  EXPECT_EQ(*decode_row(identity, 9, bytes), row);
  EXPECT_FALSE(decode_row(identity, 8, bytes));
  EXPECT_FALSE(decode_row({{StreamId(1), ShardNumber(3)}, Offset(100)}, 9, bytes));
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    EXPECT_FALSE(decode_row(identity, 9, bytes)) << "bit " << bit;
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
  }
}

TEST(SegmentName, ParsesOnlyItsOwnForm) {
  const DataPaths paths{"/d"};
  EXPECT_EQ(paths.segment({StreamId(3), ShardNumber(1)}, Offset(42)), "/d/streams/3/1/00000000000000000042.segment");
  EXPECT_EQ(parse_segment_name("00000000000000000042.rows"), Offset(42));
  EXPECT_FALSE(parse_segment_name("0000000000000000004x.rows"));
  EXPECT_FALSE(parse_segment_name("00000000000000000042.rows.new"));
  EXPECT_FALSE(parse_segment_name("42.segment"));
}

TEST(ArrivalClock, UnsynchronisedJumpAdvancesByMonotonicTimeOnly) {
  test::ManualClock clock;
  ArrivalClock arrival(clock);
  const WallTime first = arrival.now();
  clock.set_synchronised(false);
  clock.set_wall(first + std::chrono::hours(24 * 3650));
  EXPECT_EQ(arrival.now(), first);
  clock.advance(Milliseconds(5));
  EXPECT_EQ(arrival.now(), first + Milliseconds(5));
  clock.set_synchronised(true);
  EXPECT_EQ(arrival.now(), clock.wall_now());
}

TEST(RetentionClock, HoldsWhileUnsynchronisedAndForAnHourAfterAStep) {
  test::ManualClock clock;
  RetentionClock retention(clock);
  WallTime now;
  EXPECT_TRUE(retention.trusted(now));
  clock.set_synchronised(false);
  EXPECT_FALSE(retention.trusted(now));
  clock.set_synchronised(true);
  EXPECT_TRUE(retention.trusted(now));
  for (const auto step : {std::chrono::hours(1), std::chrono::hours(-1)}) {
    clock.set_wall(clock.wall_now() + step);
    EXPECT_FALSE(retention.trusted(now));
    clock.advance(Milliseconds(3'599'000));
    EXPECT_FALSE(retention.trusted(now));
    clock.advance(Milliseconds(1'000));
    EXPECT_TRUE(retention.trusted(now));
  }
}

}  // namespace
}  // namespace forebay::gateway::log
