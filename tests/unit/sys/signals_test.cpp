// Signals arrive as calls, more than once, and the process lives on.
#include "sys/signals.h"

#include <gtest/gtest.h>

#include <csignal>
#include <future>

namespace forebay {
namespace {

TEST(Signals, StopAndReloadArriveAsCalls) {
  std::promise<ProcessSignal> calls[3];
  std::size_t next = 0;
  const Signals signals([&](ProcessSignal signal) { calls[next++].set_value(signal); });
  const int sent[] = {SIGHUP, SIGTERM, SIGINT};
  const ProcessSignal expected[] = {ProcessSignal::reload, ProcessSignal::stop, ProcessSignal::stop};
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_EQ(::kill(::getpid(), sent[i]), 0);
    EXPECT_EQ(calls[i].get_future().get(), expected[i]);
  }
  EXPECT_EQ(::raise(SIGPIPE), 0);
}

}  // namespace
}  // namespace forebay
