// Splits and merges in the log: what comes back to be routed again, what a restart finds, what retention lets go.
#include <gtest/gtest.h>

#include "tests/unit/gateway_core/log_fixture.h"

namespace forebay::test {
namespace {

using Values = std::vector<std::pair<std::int64_t, std::string>>;

struct ReshardLogTest : ::testing::Test {
  MemoryFileSystem disk;
  ManualClock clock;
  std::unique_ptr<MemoryFileSystem> image;
  std::unique_ptr<LogHarness> harness = std::make_unique<LogHarness>(disk, clock);
  glog::StreamId stream;

  void SetUp() override {
    ASSERT_TRUE(harness->open());
    stream = harness->create("s", 2);
  }
  /// A power cut that loses everything unsynced, and a start.
  void restart() {
    auto next = image ? image->crash(CrashPlan()) : disk.crash(CrashPlan());
    harness.reset();
    image = std::move(next);
    harness = std::make_unique<LogHarness>(*image, clock, 5);
    const auto opened = harness->open();
    ASSERT_TRUE(opened) << opened.error().to_string();
    EXPECT_EQ(harness->log->recovery().holes, 0u);
  }
  [[nodiscard]] glog::StreamDefinition definition() const {
    return harness->log->directory()->streams.at(stream)->definition;
  }
  glog::SubmissionPtr put(std::uint32_t shard, const std::string& prefix, std::uint64_t version) {
    glog::PutWork work;
    work.stream = stream;
    work.map_version = version;
    work.parts.push_back(make_part(shard, prefix, 2));
    return harness->run(std::move(work));
  }
  glog::SubmissionPtr reshard(glog::Reshard wish) {
    glog::ReshardWork work;
    work.stream = stream;
    work.wish = std::move(wish);
    return harness->run(std::move(work));
  }
  glog::SubmissionPtr split(std::uint32_t shard, HashKey key) {
    return reshard(glog::SplitShard{glog::ShardNumber(shard), key});
  }
  void checkpoint() {
    const auto done = harness->log->keeper().checkpoint();
    ASSERT_TRUE(done) << done.error().to_string();
  }
  void pass(int hours) {
    for (int i = 0; i < hours * 4; ++i) {
      clock.advance(std::chrono::minutes(15));
      harness->log->keeper().expire();
    }
  }
};

constexpr HashKey kQuarter{0x4000000000000000, 0};

TEST_F(ReshardLogTest, BatchesOfTheOldMapComeBackUntouchedAndTheNewMapIsTaken) {
  ASSERT_FALSE(put(0, "a", 1)->error);
  // One turn: a put of the old map, the split, another put of the old map, and one lane of it.
  for (const std::string prefix : {"b", "c"}) {
    glog::PutWork work;
    work.stream = stream;
    work.map_version = 1;
    work.parts.push_back(make_part(0, prefix, 2));
    work.parts.push_back(make_part(1, prefix, 2));
    ASSERT_TRUE(harness->log->submit(std::make_unique<glog::Submission>(std::move(work), harness->owner)));
    if (prefix == "c") continue;
    glog::ReshardWork change;
    change.stream = stream;
    change.wish = glog::SplitShard{glog::ShardNumber(0), kQuarter};
    ASSERT_TRUE(harness->log->submit(std::make_unique<glog::Submission>(std::move(change), harness->owner)));
  }
  while (harness->log->sequencer().turn()) {
  }
  ASSERT_EQ(harness->owner.all.size(), 3u);
  const auto& before = std::get<glog::PutWork>(harness->owner.all[0]->work);
  const auto& behind = std::get<glog::PutWork>(harness->owner.all[2]->work);
  EXPECT_FALSE(before.rerouted);
  EXPECT_FALSE(harness->owner.all[1]->error);
  EXPECT_TRUE(behind.rerouted);
  EXPECT_FALSE(harness->owner.all[2]->error);
  EXPECT_EQ(behind.parts[0].bytes, make_part(0, "c", 2).bytes);
  harness->owner.all.clear();
  EXPECT_EQ(definition().map_version, 2u);
  EXPECT_EQ(harness->read_all(stream, 0), (Values{{0, "a0"}, {1, "a1"}, {2, "b0"}, {3, "b1"}}));
  EXPECT_EQ(harness->read_all(stream, 1), (Values{{0, "b0"}, {1, "b1"}}));
  ASSERT_FALSE(put(2, "d", 2)->error);
  EXPECT_EQ(harness->read_all(stream, 2), (Values{{0, "d0"}, {1, "d1"}}));
}

TEST_F(ReshardLogTest, LanesOfTheOldMapAreAnsweredRerouteAndNothingOfThemStays) {
  ASSERT_FALSE(split(0, kQuarter)->error);
  glog::UploadWork work;
  glog::LaneWork lane;
  lane.key.stream = stream;
  lane.key.lineage.ordinal = 1;
  lane.first = 1;
  lane.count = 2;
  lane.crc = 9;
  lane.map_version = 1;
  lane.parts.push_back(make_part(1, "u", 2));
  glog::LaneWork next = lane;
  next.first = 3;
  next.parts = {make_part(1, "v", 2)};
  work.lanes.push_back(std::move(lane));
  work.lanes.push_back(std::move(next));
  auto done = harness->run(std::move(work));
  auto& refused = std::get<glog::UploadWork>(done->work);
  EXPECT_EQ(refused.lanes[0].result, glog::LaneResult::reroute);
  EXPECT_EQ(refused.lanes[1].result, glog::LaneResult::reroute) << "what follows it is no gap";
  EXPECT_EQ(harness->read_all(stream, 1), Values());
  glog::UploadWork again;
  for (glog::LaneWork& one : refused.lanes) {
    one.map_version = 2;
    again.lanes.push_back(std::move(one));
  }
  done = harness->run(std::move(again));
  for (const glog::LaneWork& one : std::get<glog::UploadWork>(done->work).lanes)
    EXPECT_EQ(one.result, glog::LaneResult::committed);
  EXPECT_EQ(harness->read_all(stream, 1).size(), 4u);
}

TEST_F(ReshardLogTest, ARestartAtAnyPointFindsTheMapAndEveryRecord) {
  ASSERT_FALSE(put(0, "a", 1)->error);
  ASSERT_FALSE(put(1, "b", 1)->error);
  ASSERT_FALSE(split(0, kQuarter)->error);
  ASSERT_FALSE(put(2, "c", 2)->error);
  ASSERT_FALSE(put(3, "d", 2)->error);
  ASSERT_FALSE(reshard(glog::MergeShards{glog::ShardNumber(3), glog::ShardNumber(1)})->error);
  ASSERT_FALSE(put(4, "e", 3)->error);
  const auto known = definition();
  for (const bool saved : {false, true, true}) {
    if (saved) checkpoint();
    restart();
    EXPECT_EQ(definition(), known);
    EXPECT_EQ(harness->read_all(stream, 0), (Values{{0, "a0"}, {1, "a1"}}));
    EXPECT_EQ(harness->read_all(stream, 1), (Values{{0, "b0"}, {1, "b1"}}));
    EXPECT_EQ(harness->read_all(stream, 2), (Values{{0, "c0"}, {1, "c1"}}));
    EXPECT_EQ(harness->read_all(stream, 3), (Values{{0, "d0"}, {1, "d1"}}));
    EXPECT_EQ(harness->read_all(stream, 4), (Values{{0, "e0"}, {1, "e1"}}));
    EXPECT_TRUE(std::get<glog::PutWork>(put(0, "x", 3)->work).rerouted);
  }
  ASSERT_FALSE(put(4, "f", 3)->error);
  EXPECT_EQ(harness->read_all(stream, 4).back(), (std::pair<std::int64_t, std::string>{3, "f1"}));
}

TEST_F(ReshardLogTest, AnOlderDefinitionInTheJournalDoesNotUndoALaterMap) {
  // The checkpoint holds the split; the journal behind its position begins before it.
  ASSERT_FALSE(put(0, "a", 1)->error);
  checkpoint();
  glog::ChangeStreamWork retention;
  retention.stream = stream;
  retention.retention_hours = 48;
  ASSERT_FALSE(harness->run(retention)->error);
  ASSERT_FALSE(split(0, kQuarter)->error);
  ASSERT_FALSE(put(2, "c", 2)->error);
  const auto known = definition();
  restart();
  EXPECT_EQ(definition(), known);
  checkpoint();
  restart();
  EXPECT_EQ(definition(), known);
  EXPECT_EQ(harness->read_all(stream, 2), (Values{{0, "c0"}, {1, "c1"}}));
  EXPECT_EQ(harness->read_all(stream, 0), (Values{{0, "a0"}, {1, "a1"}}));
}

TEST_F(ReshardLogTest, ClosedShardsStayReadableUntilRetentionAndThenLeaveForGood) {
  ASSERT_FALSE(put(0, "a", 1)->error);
  ASSERT_FALSE(split(0, kQuarter)->error);
  checkpoint();
  const auto view = harness->view(stream, 0);
  pass(23);
  EXPECT_EQ(harness->read_all(stream, 0).size(), 2u);
  ASSERT_FALSE(put(2, "c", 2)->error);
  pass(2);
  // Shard 0 has left the map; the numbers of the others stay.
  ASSERT_EQ(definition().shards.size(), 3u);
  EXPECT_EQ(definition().shards.front().number.value(), 1u);
  EXPECT_TRUE(view->is_removed());
  const glog::DataPaths paths{"/data"};
  for (const bool saved : {false, true}) {
    if (saved) checkpoint();
    restart();
    EXPECT_EQ(definition().shards.size(), 3u);
    EXPECT_EQ(harness->log->directory()->streams.at(stream)->views.size(), 3u);
  }
  EXPECT_FALSE(*image->stat(paths.shard({stream, glog::ShardNumber(0)})));
  ASSERT_FALSE(split(2, HashKey{0x1000000000000000, 0})->error);
  EXPECT_EQ(definition().shards.back().number.value(), 5u);
}

TEST_F(ReshardLogTest, WaitersOfAClosingShardAreReleased) {
  int woken = 0;
  EXPECT_GT(harness->view(stream, 0)->when_past(glog::Offset(0), [&] { ++woken; }), 0u);
  EXPECT_GT(harness->view(stream, 1)->when_past(glog::Offset(0), [&] { ++woken; }), 0u);
  ASSERT_FALSE(split(0, kQuarter)->error);
  EXPECT_EQ(woken, 1);
}

TEST_F(ReshardLogTest, ScalingIsOneEntryAndOneSync) {
  const auto syncs = disk.syncs();
  ASSERT_FALSE(reshard(glog::ScaleShards{64})->error);
  EXPECT_EQ(disk.syncs(), syncs + 1);
  EXPECT_EQ(glog::open_shards(definition()).size(), 64u);
  EXPECT_EQ(definition().map_version, 2u);
}

TEST_F(ReshardLogTest, RefusedChangesLeaveTheMapAsItIs) {
  EXPECT_EQ(split(7, kQuarter)->error->code, Errc::not_found);
  EXPECT_EQ(split(1, kQuarter)->error->code, Errc::invalid_argument);
  ASSERT_FALSE(split(0, kQuarter)->error);
  EXPECT_EQ(split(0, kQuarter)->error->code, Errc::conflict);
  EXPECT_EQ(definition().map_version, 2u);
}

// Recovery writes what it replays to segments when it does not fit into memory; the next checkpoint frees the journal
// files it came from.
TEST(ReshardRecovery, WhatRecoveryWroteToSegmentsIsInTheNextCheckpoint) {
  MemoryFileSystem disk;
  ManualClock clock;
  auto options = small_log_options();
  options.tail_bytes_max = 24_KiB;
  auto first = std::make_unique<LogHarness>(disk, clock, 1, small_log_options());
  ASSERT_TRUE(first->open());
  const auto stream = first->create("s", 2);
  ASSERT_FALSE(first->put(stream, 1, "only", 5)->error);
  for (int i = 0; i < 60; ++i) ASSERT_FALSE(first->put(stream, 0, std::string(300, 'x'), 2)->error);
  const auto image = disk.crash(CrashPlan());
  first->drop();
  auto second = std::make_unique<LogHarness>(*image, clock, 2, options);
  ASSERT_TRUE(second->open());
  ASSERT_TRUE(second->log->keeper().checkpoint());
  const auto later = image->crash(CrashPlan());
  second->drop();
  LogHarness third(*later, clock, 3, options);
  ASSERT_TRUE(third.open());
  EXPECT_EQ(third.read_all(stream, 1).size(), 5u);
  EXPECT_EQ(third.read_all(stream, 0).size(), 120u);
}

}  // namespace
}  // namespace forebay::test
