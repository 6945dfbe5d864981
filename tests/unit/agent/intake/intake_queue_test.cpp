// IntakeQueue and Spooler with real threads and a spool in memory; waits are on conditions, never on time alone.
#include "agent/intake/intake_queue.h"

#include <future>

#include <gtest/gtest.h>

#include "agent/spooler/spooler.h"
#include "tests/support/log_capture.h"
#include "tests/support/manual_clock.h"
#include "tests/unit/agent/memory_spool.h"

namespace forebay::agent {
namespace {

constexpr Milliseconds kLong{20'000};

spool::RecordChunk chunk_of(std::size_t bytes, const std::string& source = {}) {
  spool::RecordChunk chunk("web");
  chunk.add("k", from_millis(1), Buffer(bytes, 'x'));
  chunk.position.source = source;
  chunk.position.position = {1};
  return chunk;
}

struct Queue {
  Failpoints failpoints;
  std::vector<std::function<void()>> later;
  IntakeQueue intake{1'000, [this](std::function<void()> f) { later.push_back(std::move(f)); }, failpoints};
};

TEST(IntakeQueue, FullQueueLeavesTheChunkAndCallsBackOnceThereIsRoom) {
  Queue q;
  auto first = chunk_of(600);
  auto second = chunk_of(600);
  int called = 0;
  ASSERT_TRUE(q.intake.try_submit(first, {}));
  ASSERT_FALSE(q.intake.try_submit(second, [&] { ++called; }));
  EXPECT_EQ(second.count(), 1u);
  IntakeQueue::Group group;
  ASSERT_TRUE(q.intake.take({1, Milliseconds(0)}, group));
  EXPECT_FALSE(q.intake.try_submit(second, {})) << "bytes being committed count too";
  q.intake.finish(group, {});
  ASSERT_EQ(q.later.size(), 1u);
  q.later[0]();
  EXPECT_EQ(called, 1);
  EXPECT_TRUE(q.intake.try_submit(second, {}));
}

TEST(IntakeQueue, OneChunkLargerThanTheQueueIsTakenWhenItIsEmpty) {
  Queue q;
  auto large = chunk_of(5'000);
  EXPECT_TRUE(q.intake.try_submit(large, {}));
}

TEST(IntakeQueue, GroupsKeepOrderAndStopAtTheirLimit) {
  Queue q;
  for (int i = 0; i < 3; ++i) {
    auto chunk = chunk_of(10, "source " + std::to_string(i));
    ASSERT_TRUE(q.intake.try_submit(chunk, {}));
  }
  IntakeQueue::Group group;
  ASSERT_TRUE(q.intake.take({600, Milliseconds(0)}, group));
  ASSERT_EQ(group.chunks.size(), 2u);
  EXPECT_EQ(group.chunks[0].position.source, "source 0");
  q.intake.finish(group, {});
  ASSERT_TRUE(q.intake.take({600, Milliseconds(0)}, group));
  EXPECT_EQ(group.chunks.at(0).position.source, "source 2");
}

TEST(IntakeQueue, ForgettingASourceComesAfterItsChunksAndBeforeLaterOnes) {
  Queue q;
  auto before = chunk_of(10, "file");
  auto after = chunk_of(10, "file");
  ASSERT_TRUE(q.intake.try_submit(before, {}));
  q.intake.forget_source("file");
  ASSERT_TRUE(q.intake.try_submit(after, {}));
  IntakeQueue::Group group;
  ASSERT_TRUE(q.intake.take({1'000, Milliseconds(0)}, group));
  EXPECT_EQ(group.chunks.size(), 1u);
  EXPECT_EQ(group.forgotten, std::vector<std::string>{"file"});
  q.intake.finish(group, {});
  ASSERT_TRUE(q.intake.take({1'000, Milliseconds(0)}, group));
  EXPECT_EQ(group.chunks.size(), 1u);
  EXPECT_TRUE(group.forgotten.empty());
}

TEST(IntakeQueue, WaitingWithNobodyCommittingEndsAtItsDeadline) {
  Queue q;
  auto chunk = chunk_of(10);
  const auto result = q.intake.submit_and_wait(chunk, Milliseconds(1));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::timed_out);
}

TEST(IntakeQueue, StoppedQueueHandsOutTheRestAndTakesNothing) {
  Queue q;
  auto chunk = chunk_of(10);
  auto late = chunk_of(10);
  ASSERT_TRUE(q.intake.try_submit(chunk, {}));
  q.intake.stop();
  EXPECT_FALSE(q.intake.try_submit(late, {}));
  EXPECT_EQ(q.intake.submit_and_wait(late, kLong).error().code, Errc::cancelled);
  IntakeQueue::Group group;
  EXPECT_TRUE(q.intake.take({}, group));
  q.intake.finish(group, {});
  EXPECT_FALSE(q.intake.take({}, group));
}

class SpoolerTest : public testing::Test {
 protected:
  void start(Milliseconds collect) {
    spooler.emplace(q.intake, spool, clock, Logger(log, "test"), q.failpoints,
                    Spooler::Options{1u << 20, collect, Milliseconds(60'000)},
                    Spooler::Events{[this](auto chunks) { appended += chunks.size(); },
                                    [this](const Error& error) { failed.set_value(error); }});
    spooler->start();
  }

  Queue q;
  MemorySpool spool;
  test::ManualClock clock;
  test::LogCapture log;
  std::size_t appended = 0;
  std::promise<Error> failed;
  std::optional<Spooler> spooler;
};

TEST_F(SpoolerTest, WaiterIsCommittedAtOnceWithWhatQueuedBefore) {
  auto quiet = chunk_of(10, "file");
  auto urgent = chunk_of(10, "mqtt");
  ASSERT_TRUE(q.intake.try_submit(quiet, {}));
  start(std::chrono::hours(1));
  ASSERT_TRUE(q.intake.submit_and_wait(urgent, kLong));
  EXPECT_EQ(spool.appends, 1);
  EXPECT_EQ(spool.positions.size(), 2u);
  q.intake.stop();
  spooler->join();
  EXPECT_EQ(appended, 2u);
}

TEST_F(SpoolerTest, StopMakesEverythingQueuedDurable) {
  auto chunk = chunk_of(10, "file");
  ASSERT_TRUE(q.intake.try_submit(chunk, {}));
  q.intake.forget_source("file");
  start(std::chrono::hours(1));
  q.intake.stop();
  spooler->join();
  EXPECT_EQ(spool.appends, 1);
  EXPECT_EQ(spool.forgotten, std::vector<std::string>{"file"});
}

TEST_F(SpoolerTest, SyncErrorEndsEverythingAndTellsNobodySuccess) {
  spool.fail_appends(Error{Errc::io, "fdatasync"});
  auto chunk = chunk_of(10);
  start(Milliseconds(0));
  const auto result = q.intake.submit_and_wait(chunk, kLong);
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().code, Errc::timed_out);
  EXPECT_EQ(failed.get_future().get().code, Errc::io);
  spooler->join();
  auto later = chunk_of(10);
  EXPECT_FALSE(q.intake.try_submit(later, {}));
}

TEST_F(SpoolerTest, BlockedSpoolIsTriedAgainWhenSpaceReturns) {
  spool.fail_appends(Error{Errc::no_space, "full"});
  auto chunk = chunk_of(10);
  ASSERT_TRUE(q.intake.try_submit(chunk, {}));
  start(Milliseconds(0));
  while (log.count("policy is block") == 0) std::this_thread::yield();
  EXPECT_TRUE(spooler->blocked());
  EXPECT_EQ(spool.appends, 0);
  spool.fail_appends({});
  spooler->space_freed();
  q.intake.stop();
  spooler->join();
  EXPECT_EQ(spool.appends, 1);
}

}  // namespace
}  // namespace forebay::agent
