// Uploader with its threads: from records in the spool to drained, over failures, and stopping in the middle. Waits are
// on events, never on time alone.
#include "agent/uploader/uploader.h"

#include <gtest/gtest.h>

#include <future>

#include "sys/system_clock.h"
#include "tests/unit/agent/uploader/upload_rig.h"

namespace forebay::agent {
namespace {

class UploaderTest : public testing::Test, protected UploadRig {
 protected:
  UploaderTest() {
    settings.backoff_first = Milliseconds(1);
    settings.batch_bytes_max = 100;
  }

  void start() {
    make_session(clock);
    ASSERT_TRUE(session->start());
    Uploader::Events events;
    events.failed = [this](const Error& error) { failed.set_value(error.code); };
    events.drained = [this] {
      if (!told.exchange(true)) drained.set_value();
    };
    uploader.emplace(*session, gateway, clock, std::move(events));
    uploader->start();
  }

  SystemClock clock;
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
