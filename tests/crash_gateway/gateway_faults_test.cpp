// One failing disk call at every place of a life of the log (reliability T3): nothing unsafe is acknowledged.
#include <gtest/gtest.h>

#include "tests/crash_gateway/crash_trace.h"

namespace forebay::test {
namespace {

TEST(GatewayFaults, OneFailingCallLosesNothingThatWasAcknowledged) {
  CrashTotals totals;
  std::unordered_set<std::uint64_t> known;
  std::uint64_t faults = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    CrashTrace clean(seed, totals, known);
    ASSERT_EQ(clean.run_with_fault(0, Fault::io_error), "");
    const std::uint64_t calls = clean.calls();
    for (const Fault fault : {Fault::io_error, Fault::no_space, Fault::short_write}) {
      for (std::uint64_t call = 1; call <= calls; ++call) {
        CrashTrace trace(seed, totals, known);
        ASSERT_EQ(trace.run_with_fault(call, fault), "");
        ++faults;
      }
    }
  }
  std::printf("%lu single faults\n", faults);
  EXPECT_GT(faults, 1'000u);
}

}  // namespace
}  // namespace forebay::test
