#include "agent/spooler/scrubber.h"

#include <gtest/gtest.h>

#include "tests/support/log_capture.h"
#include "tests/unit/agent/memory_spool.h"

namespace forebay::agent {

TEST(Scrubber, ReadsInSlicesPassAfterPassUntilStopped) {
  MemorySpool spool;
  test::LogCapture log;
  Scrubber scrubber(spool, Logger(log, "t"),
                    {.interval = Milliseconds(1), .pause = Milliseconds(1), .slice_bytes = 100});
  scrubber.start();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (log.count("the spool was read and checked") < 2 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  scrubber.stop();
  EXPECT_GE(log.count("the spool was read and checked"), 2u);
  EXPECT_GE(spool.scrubs, 6) << "three slices each";
  EXPECT_EQ(spool.scrubbed, 100u * static_cast<unsigned>(spool.scrubs));
}

TEST(Scrubber, StopsAtOnceWhileItWaits) {
  MemorySpool spool;
  test::LogCapture log;
  Scrubber scrubber(spool, Logger(log, "t"), {});
  scrubber.start();
  scrubber.stop();
  EXPECT_EQ(spool.scrubs, 0);
}

}  // namespace forebay::agent
