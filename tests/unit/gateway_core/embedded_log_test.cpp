// The log in a plain loop on the file system in memory: what is written, read back, checkpointed and recovered.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "tests/unit/gateway_core/log_fixture.h"

namespace forebay::test {
namespace {

using Values = std::vector<std::pair<std::int64_t, std::string>>;

Values expected(const std::vector<std::string>& prefixes, std::uint32_t count) {
  Values values;
  for (const std::string& prefix : prefixes)
    for (std::uint32_t i = 0; i < count; ++i)
      values.emplace_back(static_cast<std::int64_t>(values.size()), prefix + std::to_string(i));
  return values;
}

struct LogTest : ::testing::Test {
  MemoryFileSystem disk;
  ManualClock clock;
  LogHarness harness{disk, clock};
  void SetUp() override { ASSERT_TRUE(harness.open()); }
  std::unique_ptr<LogHarness> reopened(FileSystem& files) {
    auto next = std::make_unique<LogHarness>(files, clock, 2);
    const auto opened = next->open();
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().to_string());
    return next;
  }
};

glog::UploadWork upload_of(const Lineage& lineage, glog::StreamId stream, std::uint64_t first, std::uint32_t count,
                           std::uint32_t crc) {
  glog::LaneWork lane;
  lane.key = {lineage, stream};
  lane.first = first;
  lane.count = count;
  lane.crc = crc;
  lane.map_version = 1;
  lane.parts.push_back(make_part(0, "u" + std::to_string(first) + "-", count));
  glog::UploadWork work;
  work.lanes.push_back(std::move(lane));
  return work;
}

TEST_F(LogTest, PutsAreReadBackFromMemoryInOrder) {
  const auto stream = harness.create("s", 2);
  ASSERT_EQ(stream.value(), 1u);
  ASSERT_FALSE(harness.put(stream, 0, "a", 3)->error);
  ASSERT_FALSE(harness.put(stream, 0, "b", 3)->error);
  EXPECT_EQ(harness.read_all(stream, 0), expected({"a", "b"}, 3));
  EXPECT_EQ(harness.read_all(stream, 1), Values());
}

TEST_F(LogTest, OffsetsAreDenseAcrossOneCommitOfManyPuts) {
  const auto stream = harness.create("s", 1);
  for (const char* prefix : {"a", "b", "c"}) {
    glog::PutWork put;
    put.stream = stream;
    put.map_version = 1;
    put.parts.push_back(make_part(0, prefix, 2));
    ASSERT_TRUE(harness.log->submit(std::make_unique<glog::Submission>(std::move(put), harness.owner)));
  }
  const auto syncs = disk.syncs();
  ASSERT_TRUE(harness.log->sequencer().turn());
  EXPECT_EQ(disk.syncs(), syncs + 1);
  ASSERT_EQ(harness.owner.all.size(), 3u);
  EXPECT_EQ(harness.read_all(stream, 0), expected({"a", "b", "c"}, 2));
}

TEST_F(LogTest, RestartAfterAKillFindsEverythingInTheJournal) {
  const auto stream = harness.create("s", 1);
  ASSERT_FALSE(harness.put(stream, 0, "a", 5)->error);
  const auto image = disk.crash(CrashPlan());
  auto next = reopened(*image);
  EXPECT_EQ(next->read_all(stream, 0), expected({"a"}, 5));
  EXPECT_EQ(next->log->recovery().replayed_batches, 1u);
  ASSERT_FALSE(next->put(stream, 0, "b", 5)->error);
  EXPECT_EQ(next->read_all(stream, 0), expected({"a", "b"}, 5));
}

TEST_F(LogTest, CheckpointedRecordsAreReadFromSegmentsAfterRestart) {
  const auto stream = harness.create("s", 1);
  std::vector<std::string> prefixes;
  for (char c = 'a'; c <= 'z'; ++c) {
    prefixes.push_back(std::string(20, c));
    ASSERT_FALSE(harness.put(stream, 0, prefixes.back(), 5)->error);
    if (c % 4 == 0) {
      ASSERT_TRUE(harness.log->keeper().write(glog::SegmentWriter::Which::all));
    }
  }
  ASSERT_TRUE(harness.log->keeper().checkpoint());
  EXPECT_GT(harness.view(stream, 0)->segments()->size(), 1u);
  EXPECT_TRUE(harness.view(stream, 0)->runs()->empty());
  EXPECT_EQ(harness.read_all(stream, 0), expected(prefixes, 5));
  const auto image = disk.crash(CrashPlan());
  auto next = reopened(*image);
  EXPECT_EQ(next->log->recovery().replayed_batches, 0u);
  EXPECT_EQ(next->read_all(stream, 0), expected(prefixes, 5));
}

TEST_F(LogTest, BytesBeyondTheCheckpointAreReplacedFromTheJournal) {
  const auto stream = harness.create("s", 1);
  ASSERT_FALSE(harness.put(stream, 0, "a", 5)->error);
  ASSERT_TRUE(harness.log->keeper().checkpoint());
  ASSERT_FALSE(harness.put(stream, 0, "b", 5)->error);
  ASSERT_TRUE(harness.log->keeper().write(glog::SegmentWriter::Which::all));
  auto image = disk.kill();
  const std::string path = glog::DataPaths{"/data"}.segment({stream, glog::ShardNumber(0)}, glog::Offset(0));
  const auto size = image->content(path).size();
  const Buffer junk(40, 0xEE);
  image->overwrite(path, size - 50, junk);
  auto next = reopened(*image);
  EXPECT_EQ(next->log->recovery().replayed_batches, 1u);
  ASSERT_TRUE(next->log->keeper().checkpoint());
  EXPECT_EQ(next->read_all(stream, 0), expected({"a", "b"}, 5));
}

TEST_F(LogTest, MissingSegmentIsADeclaredHoleAndTheRestStaysReadable) {
  const auto stream = harness.create("s", 1);
  for (const char* prefix : {"aaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbb", "cccccccccccccccccccc"}) {
    ASSERT_FALSE(harness.put(stream, 0, prefix, 60)->error);
    ASSERT_TRUE(harness.log->keeper().write(glog::SegmentWriter::Which::all));
    clock.advance(Milliseconds(1000));
  }
  ASSERT_TRUE(harness.log->keeper().checkpoint());
  const auto segments = harness.view(stream, 0)->segments();
  ASSERT_EQ(segments->size(), 3u);
  const WallTime second = (*segments)[1]->extent().last_arrival;
  auto image = disk.crash(CrashPlan());
  const glog::DataPaths paths{"/data"};
  ASSERT_TRUE(image->remove(paths.segment({stream, glog::ShardNumber(0)}, (*segments)[1]->identity.base)));
  auto next = reopened(*image);
  EXPECT_EQ(next->log->recovery().holes, 1u);
  const auto view = next->view(stream, 0);
  const auto hole = next->log->reader().read(*view, glog::Offset(70), 1_KiB);
  ASSERT_FALSE(hole);
  EXPECT_EQ(hole.error().code, Errc::corrupt);
  EXPECT_EQ(next->log->reader().readable_from(*view, glog::Offset(70))->value(), 120);
  const auto at_second = next->log->reader().offset_at(*view, second);
  ASSERT_TRUE(at_second) << at_second.error().to_string();
  EXPECT_EQ(at_second->value(), 60) << "nothing is skipped; the read says what is lost";
  EXPECT_EQ(values_of(*next->log->reader().read(*view, glog::Offset(120), 1_MiB)).size(), 60u);
  EXPECT_EQ(values_of(*next->log->reader().read(*view, glog::Offset(0), 1_MiB)).size(), 60u);
}

TEST(Log, MemoryThatReadersLetGoOfWakesThePutsThatWaitForIt) {
  MemoryFileSystem disk;
  ManualClock clock;
  glog::LogOptions options = small_log_options();
  options.tail_bytes_max = 16_KiB;
  LogHarness harness(disk, clock, 1, options);
  ASSERT_TRUE(harness.open());
  const auto stream = harness.create("s", 1);
  std::vector<glog::LogRead> pinned;
  const auto view = harness.view(stream, 0);
  for (int i = 0; i < 100 && !harness.log->sequencer().waits_for_memory(); ++i) {
    const glog::Offset next = view->end();
    ASSERT_FALSE(harness.put(stream, 0, std::string(400, 'x'), 2)->error);
    auto read = harness.log->reader().read_memory(*view, next, 1_KiB);
    ASSERT_TRUE(read && *read);
    pinned.push_back(**std::move(read));
    while (harness.log->sequencer().turn()) {
    }
  }
  ASSERT_TRUE(harness.log->sequencer().waits_for_memory());
  ASSERT_TRUE(harness.log->keeper().tick());  // writes all and saves; the readers still hold it
  glog::PutWork put;
  put.stream = stream;
  put.map_version = 1;
  put.parts.push_back(make_part(0, "y", 1));
  ASSERT_TRUE(harness.log->submit(std::make_unique<glog::Submission>(std::move(put), harness.owner)));
  ASSERT_FALSE(harness.log->sequencer().turn());
  auto woken = std::async(std::launch::async, [&] { return harness.log->sequencer().turn(true); });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));  // so that it waits already, as it mostly will
  pinned.clear();
  ASSERT_TRUE(harness.log->keeper().tick());
  const bool in_time = woken.wait_for(std::chrono::seconds(10)) == std::future_status::ready;
  EXPECT_TRUE(in_time);
  if (!in_time) harness.log->sequencer().wake();
  (void)woken.get();
  while (harness.log->sequencer().turn()) {
  }
  ASSERT_EQ(harness.owner.all.size(), 1u);
  EXPECT_FALSE(harness.owner.all[0]->error);
}

TEST_F(LogTest, AStreamDeletedBeforeItsFirstCheckpointLeavesNothingOnTheDisk) {
  const auto stream = harness.create("s", 1);
  ASSERT_FALSE(harness.put(stream, 0, "a", 5)->error);
  ASSERT_TRUE(harness.log->keeper().write(glog::SegmentWriter::Which::all));
  const auto left = [&] {
    return std::ranges::count_if(disk.paths(),
                                 [](const std::string& path) { return path.starts_with("/data/streams/1/"); });
  };
  ASSERT_GT(left(), 0);
  glog::RemoveStreamWork removal;
  removal.stream = stream;
  ASSERT_FALSE(harness.run(std::move(removal))->error);
  ASSERT_TRUE(harness.log->keeper().write(glog::SegmentWriter::Which::all));
  ASSERT_TRUE(harness.log->keeper().checkpoint());
  EXPECT_EQ(left(), 0);
}

TEST_F(LogTest, DamagedBatchIsNeverReturned) {
  const auto stream = harness.create("s", 1);
  ASSERT_FALSE(harness.put(stream, 0, "a", 5)->error);
  ASSERT_FALSE(harness.put(stream, 0, "b", 5)->error);
  ASSERT_TRUE(harness.log->keeper().checkpoint());
  const glog::DataPaths paths{"/data"};
  const std::string path = paths.segment({stream, glog::ShardNumber(0)}, glog::Offset(0));
  const std::uint8_t flipped[] = {static_cast<std::uint8_t>(disk.content(path)[80] ^ 1)};
  disk.overwrite(path, 80, flipped);
  const auto read = harness.log->reader().read(*harness.view(stream, 0), glog::Offset(0), 1_MiB);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::corrupt);
  EXPECT_EQ(harness.log->reader().readable_from(*harness.view(stream, 0), glog::Offset(0))->value(), 5);
  EXPECT_EQ(values_of(*harness.log->reader().read(*harness.view(stream, 0), glog::Offset(5), 1_MiB)).size(), 5u);
}

TEST_F(LogTest, LaneAnswersSurviveKillCheckpointAndDamagedSnapshots) {
  const auto stream = harness.create("s", 1);
  Lineage lineage;
  lineage.root[0] = 7;
  lineage.ordinal = 1;
  const auto answer = [&](LogHarness& h, std::uint64_t first, std::uint32_t count, std::uint32_t crc) {
    const auto done = h.run(upload_of(lineage, stream, first, count, crc));
    return std::get<glog::UploadWork>(done->work).lanes[0];
  };
  EXPECT_EQ(answer(harness, 1, 10, 111).result, glog::LaneResult::committed);
  EXPECT_EQ(answer(harness, 1, 10, 111).result, glog::LaneResult::duplicate);
  EXPECT_EQ(answer(harness, 1, 10, 112).result, glog::LaneResult::forked);
  EXPECT_EQ(answer(harness, 5, 10, 5).result, glog::LaneResult::forked);
  EXPECT_EQ(answer(harness, 2, 3, 5).result, glog::LaneResult::unverified);
  EXPECT_EQ(answer(harness, 12, 1, 5).result, glog::LaneResult::gap);
  EXPECT_EQ(answer(harness, 12, 1, 5).last, 10u);
  {
    const auto image = disk.crash(CrashPlan());
    auto next = reopened(*image);
    EXPECT_EQ(answer(*next, 1, 10, 111).result, glog::LaneResult::duplicate);
    next->drop();
  }
  ASSERT_TRUE(harness.log->keeper().checkpoint());
  EXPECT_EQ(answer(harness, 11, 5, 222).result, glog::LaneResult::committed);
  ASSERT_TRUE(harness.log->keeper().checkpoint());
  for (const bool damage : {false, true}) {
    auto image = disk.crash(CrashPlan());
    if (damage)
      for (const char* path : {"/data/lanes.0", "/data/lanes.1"}) image->overwrite(path, 40, Buffer(8, 0xFF));
    auto next = reopened(*image);
    EXPECT_EQ(answer(*next, 1, 10, 111).result, glog::LaneResult::duplicate);
    EXPECT_EQ(answer(*next, 11, 5, 222).result, glog::LaneResult::duplicate);
    EXPECT_EQ(answer(*next, 17, 5, 222).last, 15u);
    EXPECT_EQ(next->lines.count("lane snapshot cannot be used"), damage ? 1u : 0u);
    next->drop();
  }
}

TEST_F(LogTest, ForgottenLineageIsStaleForEver) {
  const auto stream = harness.create("s", 1);
  Lineage lineage;
  lineage.ordinal = 3;
  ASSERT_FALSE(harness.run(upload_of(lineage, stream, 1, 1, 1))->error);
  glog::ForgetLanesWork forget;
  forget.through = 3;
  ASSERT_FALSE(harness.run(forget)->error);
  const auto result = [&](LogHarness& h) {
    return std::get<glog::UploadWork>(h.run(upload_of(lineage, stream, 2, 1, 1))->work).lanes[0].result;
  };
  EXPECT_EQ(result(harness), glog::LaneResult::stale);
  auto image = disk.crash(CrashPlan());
  auto next = reopened(*image);
  EXPECT_EQ(result(*next), glog::LaneResult::stale);
  ASSERT_TRUE(next->log->keeper().checkpoint());
  auto image2 = image->crash(CrashPlan());
  auto third = reopened(*image2);
  EXPECT_EQ(result(*third), glog::LaneResult::stale);
}

TEST_F(LogTest, DeletedStreamStaysDeletedAndItsNumberIsNotUsedAgain) {
  const auto stream = harness.create("s", 1);
  ASSERT_FALSE(harness.put(stream, 0, "a", 1)->error);
  ASSERT_TRUE(harness.log->keeper().checkpoint());
  ASSERT_FALSE(harness.run(glog::RemoveStreamWork{stream})->error);
  EXPECT_EQ(harness.put(stream, 0, "a", 1)->error->code, Errc::not_found);
  const auto image = disk.crash(CrashPlan());
  auto next = reopened(*image);
  EXPECT_TRUE(next->log->directory()->streams.empty());
  EXPECT_EQ(next->create("s", 1).value(), 2u);
  ASSERT_TRUE(next->log->keeper().checkpoint());
  for (const std::string& path : image->paths()) EXPECT_EQ(path.find("/data/streams/1"), std::string::npos) << path;
}

TEST_F(LogTest, FailedJournalSyncAcknowledgesNothingAndStops) {
  const auto stream = harness.create("s", 1);
  disk.set_fault([](const FileCallInfo& call) -> std::optional<Fault> {
    if (call.call == FileCall::sync) return Fault::io_error;
    return {};
  });
  EXPECT_TRUE(harness.put(stream, 0, "a", 1)->error);
  EXPECT_EQ(harness.fatal.size(), 1u);
  disk.set_fault({});
  EXPECT_TRUE(harness.put(stream, 0, "a", 1)->error);
  EXPECT_EQ(harness.view(stream, 0)->end().value(), 0);
}

TEST_F(LogTest, FullDiskRefusesPutsAndTheLogGoesOnAfterwards) {
  const auto stream = harness.create("s", 1);
  ASSERT_FALSE(harness.put(stream, 0, "a", 1)->error);
  disk.set_fault([](const FileCallInfo& call) -> std::optional<Fault> {
    const bool grows = call.call == FileCall::write || call.call == FileCall::allocate || call.call == FileCall::create;
    if (grows && call.path.find("journal") == std::string::npos) return Fault::no_space;
    return {};
  });
  EXPECT_FALSE(harness.put(stream, 0, "b", 1)->error);
  EXPECT_TRUE(harness.log->keeper().tick());
  clock.advance(Milliseconds(70'000));
  EXPECT_TRUE(harness.log->keeper().tick());
  EXPECT_TRUE(harness.fatal.empty());
  disk.set_fault({});
  EXPECT_TRUE(harness.log->keeper().checkpoint());
  EXPECT_EQ(harness.read_all(stream, 0).size(), 2u);
}

TEST_F(LogTest, RetentionDropsExpiredSegmentsButNotWhenTheClockJumps) {
  const auto stream = harness.create("s", 1);
  ASSERT_FALSE(harness.put(stream, 0, std::string(30, 'a'), 60)->error);
  ASSERT_TRUE(harness.log->keeper().checkpoint());
  harness.log->keeper().expire();
  EXPECT_EQ(harness.view(stream, 0)->start().value(), 0);
  clock.set_wall(clock.wall_now() + std::chrono::hours(24 * 365));
  harness.log->keeper().expire();
  EXPECT_EQ(harness.view(stream, 0)->start().value(), 0);
  clock.set_wall(clock.wall_now() - std::chrono::hours(24 * 365));
  harness.log->keeper().expire();
  for (int i = 0; i < 25 * 30; ++i) {
    clock.advance(Milliseconds(120'000));
    harness.log->keeper().expire();
  }
  EXPECT_EQ(harness.view(stream, 0)->start().value(), 60);
  ASSERT_TRUE(harness.log->keeper().checkpoint());
  for (const std::string& path : disk.paths()) EXPECT_EQ(path.find(".segment"), std::string::npos) << path;
  const auto image = disk.crash(CrashPlan());
  auto next = reopened(*image);
  EXPECT_EQ(next->view(stream, 0)->start().value(), 60);
  EXPECT_EQ(next->view(stream, 0)->end().value(), 60);
  EXPECT_EQ(next->put(stream, 0, "z", 1)->error, std::nullopt);
  EXPECT_EQ(next->read_all(stream, 0), (Values{{60, "z0"}}));
}

TEST_F(LogTest, TimeLookUpIsExactToTheRow) {
  const auto stream = harness.create("s", 1);
  const WallTime t0 = clock.wall_now();
  for (int i = 0; i < 40; ++i) {
    ASSERT_FALSE(harness.put(stream, 0, "x", 2)->error);
    if (i == 20) {
      ASSERT_TRUE(harness.log->keeper().checkpoint());
    }
    clock.advance(Milliseconds(10));
  }
  for (int i = 0; i < 40; ++i) {
    const auto at = harness.log->reader().offset_at(*harness.view(stream, 0), t0 + Milliseconds(i * 10 - 3));
    ASSERT_TRUE(at);
    EXPECT_EQ(at->value(), i * 2);
  }
  EXPECT_EQ(harness.log->reader().offset_at(*harness.view(stream, 0), clock.wall_now())->value(), 80);
}

TEST_F(LogTest, StopCheckpointsSoThatTheNextStartReplaysNothing) {
  const auto stream = harness.create("s", 1);
  ASSERT_FALSE(harness.put(stream, 0, "a", 3)->error);
  ASSERT_TRUE(harness.close());
  const auto image = disk.crash(CrashPlan());
  auto next = reopened(*image);
  EXPECT_EQ(next->log->recovery().replayed_batches, 0u);
  EXPECT_EQ(next->read_all(stream, 0), expected({"a"}, 3));
  next->drop();
}

TEST_F(LogTest, LostCatalogueBesideDataIsRefused) {
  harness.create("s", 1);
  harness.drop();
  for (const std::string& path : disk.paths())
    if (path.find("catalog.db") != std::string::npos) {
      ASSERT_TRUE(disk.remove(path));
    }
  LogHarness next(disk, clock, 2);
  const auto opened = next.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::corrupt);
}

}  // namespace
}  // namespace forebay::test
