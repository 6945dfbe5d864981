// Uploader with its threads: from records in the spool to drained, over failures, and stopping in the middle. Waits are
// on events, never on time alone.
#include "agent/uploader/uploader.h"

#include <future>

#include <gtest/gtest.h>

#include "sys/posix_file_system.h"
#include "sys/system_clock.h"
#include "tests/support/log_capture.h"
#include "tests/support/seeded_entropy.h"
#include "tests/support/temp_directory.h"
#include "tests/unit/agent/fake_gateway.h"
#include "tests/unit/agent/memory_spool.h"

namespace forebay::agent {
namespace {

class UploaderTest : public testing::Test {
 protected:
  UploaderTest() {
    gateway.streams["web"] = 11;
    settings.backoff_first = Milliseconds(1);
    settings.batch_bytes_max = 100;
  }

  void start() {
    session.emplace(UploadSession::Parts{spool, gateway, parked, clock, entropy, Logger(log, "test"), metrics,
                                         failpoints, "press-07", "0.1", [](std::uint64_t) {}, [] {}},
                    settings, 0);
    Uploader::Events events;
    events.failed = [this](const Error& error) { failed.set_value(error.code); };
    events.drained = [this] {
      if (!told.exchange(true)) drained.set_value();
    };
    uploader.emplace(*session, gateway, clock, std::move(events));
    uploader->start();
  }

  MemorySpool spool;
  FakeGateway gateway;
  PosixFileSystem files;
  test::TempDirectory folder;
  ParkedBatches parked{files, folder.file("parked")};
  SystemClock clock;
  test::SeededEntropy entropy{1};
  test::LogCapture log;
  MetricsRegistry metrics;
  Failpoints failpoints;
  UploadSettings settings;
  std::optional<UploadSession> session;
  std::promise<void> drained;
  std::atomic<bool> told{false};
  std::promise<Errc> failed;
  std::optional<Uploader> uploader;
};

TEST_F(UploaderTest, DrainsThroughFailuresInOrderWithSeveralRequests) {
  std::vector<std::string> expected;
  for (int i = 0; i < 200; ++i) {
    spool.put("web", "k", "record number " + std::to_string(i));
    expected.push_back("k=record number " + std::to_string(i));
  }
  gateway.lose_reply = true;
  gateway.fail_next(FailureKind::link, 3);
  start();
  uploader->drain();
  drained.get_future().wait();
  uploader->stop();
  EXPECT_EQ(gateway.state.records["web"], expected);
  EXPECT_GT(gateway.sends, 4);
  EXPECT_EQ(spool.usage().unacknowledged_records, 0u);
}

TEST_F(UploaderTest, NewRecordsWakeIt) {
  start();
  spool::RecordChunk chunk("web");
  chunk.add("k", from_millis(1), as_bytes("late"));
  ASSERT_TRUE(spool.append(std::span(&chunk, 1)));
  uploader->spool_grew(std::span(&chunk, 1));
  uploader->drain();
  drained.get_future().wait();
  uploader->stop();
  EXPECT_EQ(spool.usage().unacknowledged_records, 0u);
}

TEST_F(UploaderTest, StopEndsAWaitingUploader) {
  spool.put("web", "k", "a");
  gateway.fail_next(FailureKind::link, 1'000'000);
  settings.backoff_first = std::chrono::hours(1);
  start();
  uploader->stop();
  EXPECT_TRUE(gateway.state.records.empty());
}

TEST_F(UploaderTest, ForkOfThisRunEndsTheProcess) {
  spool.put("web", "k", "a");
  gateway.answer_instead["web"] = wire::upload::LaneOutcome::forked;
  start();
  uploader->drain();
  EXPECT_EQ(failed.get_future().get(), Errc::conflict);
}

}  // namespace
}  // namespace forebay::agent
