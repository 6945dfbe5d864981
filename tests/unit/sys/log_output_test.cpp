// Lines as they reach the descriptor, with priorities or times, and the count of folded repeats.
#include "sys/log_output.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "sys/unique_fd.h"
#include "tests/support/manual_clock.h"
#include "tests/support/temp_directory.h"

namespace forebay {
namespace {

struct FdLogOutputTest : ::testing::Test {
  test::TempDirectory directory;
  test::ManualClock clock;
  UniqueFd fd{::open(directory.file("log").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600)};
  std::string text() const { return test::read_text(directory.file("log")); }
};

TEST_F(FdLogOutputTest, WritesPrioritiesOrTimes) {
  {
    FdLogOutput journal(clock, {.fd = fd.get(), .priorities = true, .times = false});
    Logger(journal, "spool").error("sync failed", {{"file", "a b"}});
    FdLogOutput file(clock, {.fd = fd.get(), .priorities = false, .times = true});
    Logger(file, "spool").info("opened");
    Logger(file, "spool").debug("below the level");
  }
  EXPECT_EQ(text(), "<3>error spool sync failed file=\"a b\"\n2026-01-02T03:04:05.000Z info spool opened\n");
}

TEST_F(FdLogOutputTest, FoldsRepeatsAndReportsThemWithTheNextLineAndAtTheEnd) {
  {
    FdLogOutput output(clock, {.fd = fd.get(), .priorities = false, .times = false});
    const Logger logger(output, "c");
    for (int i = 0; i < LogFolder::kLines + 5; ++i) logger.warning("late", {{"i", i}});
    clock.advance(LogFolder::kPeriod);
    logger.info("other");
    for (int i = 0; i < LogFolder::kLines + 2; ++i) logger.info("other");
  }
  const std::string all = text();
  EXPECT_NE(all.find("warning c late repeats=5\ninfo c other\n"), std::string::npos) << all;
  EXPECT_EQ(all.substr(all.rfind("info c")), "info c other repeats=3\n");
}

}  // namespace
}  // namespace forebay
