#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/manual_clock.h"
#include "tests/unit/agent/uploader/upload_rig.h"

namespace forebay::agent {

/// UploadSession driven by hand, in a time that is set.
class UploadSessionTest : public testing::Test, protected UploadRig {
 protected:
  void make(std::uint64_t timeline = 0) {
    make_session(clock, timeline);
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

  test::ManualClock clock;
};

}  // namespace forebay::agent
