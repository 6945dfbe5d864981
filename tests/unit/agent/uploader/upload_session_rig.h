#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "agent/uploader/upload_session.h"
#include "sys/posix_file_system.h"
#include "tests/support/log_capture.h"
#include "tests/support/manual_clock.h"
#include "tests/support/seeded_entropy.h"
#include "tests/support/temp_directory.h"
#include "tests/unit/agent/fake_gateway.h"
#include "tests/unit/agent/memory_spool.h"

namespace forebay::agent {

/// UploadSession between a spool and a gateway in memory.
class UploadSessionTest : public testing::Test {
 protected:
  UploadSessionTest() { gateway.streams["web"] = 11; }

  void make(std::uint64_t timeline = 0) {
    session.emplace(
        UploadSession::Parts{spool, gateway, parked, clock, entropy, Logger(log, "test"), metrics, failpoints,
                             "press-07", "0.1", [this](std::uint64_t t) { remembered = t; }, [this] { ++freed; }},
        settings, timeline);
    ASSERT_TRUE(session->start());
    session->fsm().set_draining(true);
  }
  /// Runs the session until it waits for something that is not time, moving the clock for what is. Bounded.
  void drive(int steps = 200) {
    for (; steps > 0; --steps) {
      const Step step = session->next(false);
      if (const auto* wait = std::get_if<StepWait>(&step)) {
        if (!wait->until) return;
        clock.advance(std::chrono::ceil<std::chrono::milliseconds>(*wait->until - clock.steady_now()));
        continue;
      }
      one(step);
      if (session->restart_needed()) return;
    }
  }
  void one(const Step& step) {
    if (const auto* open = std::get_if<StepOpen>(&step)) {
      ASSERT_TRUE(session->complete_open(*open, gateway.open(session->open_request(*open))));
      return;
    }
    if (const auto* close = std::get_if<StepClose>(&step)) {
      session->complete_close(*close, gateway.close(session->close_request(*close)));
      return;
    }
    auto request = session->prepare(std::get<StepSend>(step));
    ASSERT_TRUE(request) << request.error().to_string();
    if (*request) {
      ASSERT_TRUE(session->complete(**request, gateway.send((*request)->body)));
    }
  }
  const std::vector<std::string>& delivered(const std::string& stream = "web") { return gateway.state.records[stream]; }

  MemorySpool spool;
  FakeGateway gateway;
  PosixFileSystem files;
  test::TempDirectory folder;
  ParkedBatches parked{files, folder.file("parked")};
  test::ManualClock clock;
  test::SeededEntropy entropy{1};
  test::LogCapture log;
  MetricsRegistry metrics;
  Failpoints failpoints;
  UploadSettings settings;
  std::optional<UploadSession> session;
  std::uint64_t remembered = 0;
  int freed = 0;
};

}  // namespace forebay::agent
