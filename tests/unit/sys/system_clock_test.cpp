// The clocks and random numbers of the machine are plausible.
#include "sys/system_clock.h"

#include <gtest/gtest.h>

#include "sys/system_entropy.h"

namespace forebay {
namespace {

TEST(SystemClock, GoesForwardAndShowsADateAfterThisProgramWasWritten) {
  const SystemClock clock;
  EXPECT_GT(to_millis(clock.wall_now()), 1'704'067'200'000);
  EXPECT_TRUE(clock.wall_is_synchronised());
  const SteadyTime first = clock.steady_now();
  EXPECT_GE(clock.steady_now(), first);
}

TEST(SystemEntropy, FillsLargeBuffersWithDifferentBytes) {
  SystemEntropy entropy;
  Buffer a(100'000);
  Buffer b(100'000);
  entropy.fill(a);
  entropy.fill(b);
  EXPECT_NE(a, b);
  EXPECT_NE(entropy.next_u64(), entropy.next_u64());
}

}  // namespace
}  // namespace forebay
