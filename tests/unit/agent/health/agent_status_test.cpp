#include "agent/health/agent_status.h"

#include <filesystem>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/health/progress.h"
#include "agent/health/status_socket.h"
#include "tests/support/manual_clock.h"
#include "tests/support/temp_directory.h"

namespace forebay::agent {
namespace {

using testing::HasSubstr;
using testing::Not;

AgentStatus example() {
  AgentStatus status;
  status.device = "press-07";
  status.gateway = "https://gw:4567";
  status.uptime_s = 43'200;
  status.spool.written_bytes = 1 << 20;
  status.spool.disk_bytes = 3 << 20;
  status.spool.unacknowledged_records = 17;
  status.spool_bytes_max = 1u << 30;
  status.upload.link = LinkState::down;
  status.upload.last_error = "connection refused";
  status.upload.last_error_time = from_millis(1'767'323'045'000);
  status.sources = {{"source 1 (file)", "file", "web", {{"/var/log/a.log", 10, 20, 3, ""}}, false}};
  return status;
}

TEST(AgentStatus, PageShowsWhatTheJsonSays) {
  const auto page = status_page(to_json(example()));
  ASSERT_TRUE(page) << page.error().to_string();
  for (const char* part : {"press-07", "link down", "connection refused (2026-01-02T03:04:05Z)", "3.0 MiB of 1.0 GiB",
                           "17 records", "2.0 MiB", "/var/log/a.log  at 10, behind 20 bytes, 3 records",
                           "last acknowledgement never"})
    EXPECT_THAT(*page, HasSubstr(part));
}

TEST(AgentStatus, CountsOutOfTheOrdinaryAndDamageAreShownOthersAreNot) {
  AgentStatus status = example();
  EXPECT_THAT(*status_page(to_json(status)), Not(HasSubstr("DAMAGED")));
  status.sources[0].counts.records = 3;
  status.sources[0].counts.truncations = 2;
  status.sources[0].counts.missing_key_fields = 7;
  status.spool.damaged_places = 1;
  const auto page = status_page(to_json(status));
  ASSERT_TRUE(page);
  EXPECT_THAT(*page, HasSubstr("missing_key_fields 7, truncations 2\n"));
  EXPECT_THAT(*page, HasSubstr("DAMAGED             1 places"));
  EXPECT_THAT(to_json(status), HasSubstr("\"truncated_lines\": 0"));
}

TEST(AgentStatus, PageOfSomethingElseIsAnError) {
  EXPECT_EQ(status_page("{}").error().code, Errc::corrupt);
  EXPECT_EQ(status_page("no json").error().code, Errc::corrupt);
}

TEST(StatusSocket, AnswersEveryConnectionWithThePresentText) {
  test::TempDirectory folder;
  const std::string path = folder.file("spool.sock");
  boost::asio::io_context loop;
  int asked = 0;
  auto socket = StatusSocket::open(loop, path, [&] { return "answer " + std::to_string(++asked); });
  ASSERT_TRUE(socket) << socket.error().to_string();
  EXPECT_EQ(std::filesystem::status(path).permissions() & std::filesystem::perms::others_all,
            std::filesystem::perms::none);
  std::thread server([&] { loop.run(); });
  EXPECT_EQ(*read_status_socket(path), "answer 1");
  EXPECT_EQ(*read_status_socket(path), "answer 2");
  loop.stop();
  server.join();
}

TEST(StatusSocket, NobodyThereIsSaidPlainly) {
  const auto text = read_status_socket("/nonexistent/spool.sock");
  EXPECT_EQ(text.error().code, Errc::unavailable);
  EXPECT_THAT(text.error().context, HasSubstr("is it running"));
}

TEST(Progress, IsStuckOnlyWithWorkAndWithoutMovement) {
  test::ManualClock clock;
  Progress progress(clock);
  clock.advance(std::chrono::hours(1));
  EXPECT_FALSE(progress.stuck(std::chrono::minutes(1)));
  progress.moved();
  clock.advance(std::chrono::minutes(2));
  EXPECT_TRUE(progress.stuck(std::chrono::minutes(1)));
  progress.moved();
  EXPECT_FALSE(progress.stuck(std::chrono::minutes(1)));
  clock.advance(std::chrono::minutes(2));
  progress.idle();
  EXPECT_FALSE(progress.stuck(std::chrono::minutes(1)));
}

}  // namespace
}  // namespace forebay::agent
