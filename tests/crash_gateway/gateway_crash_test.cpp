// Power cuts at the boundaries of every disk operation of the gateway's log (reliability T2): journal, segments, rows,
// lane snapshots, catalogue. FOREBAY_CRASH_TRACES sets how many seeded traces run; FOREBAY_CRASH_SEED the first seed.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

#include "tests/crash_gateway/crash_trace.h"

namespace forebay::test {
namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(GatewayCrash, EveryAcknowledgedRecordSurvivesOnceInOrder) {
  CrashTotals totals;
  std::unordered_set<std::uint64_t> known;
  const std::uint64_t first = setting("FOREBAY_CRASH_SEED", 1);
  const std::uint64_t traces = setting("FOREBAY_CRASH_TRACES", 500);
  const auto started = std::chrono::steady_clock::now();
  std::string broken;
  for (std::uint64_t seed = first; seed < first + traces && broken.empty(); ++seed)
    broken = CrashTrace(seed, totals, known).run();
  const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  std::printf("crash states %lu from %lu traces in %.1f s; recovered again %lu; batches replayed %lu; torn tails %lu\n",
              totals.states, totals.traces, took, totals.repeated, totals.replayed, totals.torn_tails);
  for (const auto& [name, count] : totals.operations)
    std::printf("  disk operations during %s: %lu\n", name.c_str(), count);
  std::printf("  batches that came back after a change of the shard map: %lu\n", totals.rerouted);
  std::printf("  batches acknowledged encrypted: %lu\n", totals.sealed);
  EXPECT_EQ(broken, "");
  EXPECT_GE(totals.sealed, traces);
  EXPECT_GE(totals.rerouted, traces / 50);
  EXPECT_GT(totals.states, traces * 50);
  EXPECT_GT(totals.replayed, totals.states);
}

}  // namespace
}  // namespace forebay::test
