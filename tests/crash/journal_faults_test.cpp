#include <gtest/gtest.h>

#include "tests/crash/crash_explorer.h"
#include "tests/crash/journal_trace.h"

// I/O errors at every call of seeded journal traces (reliability T3): the run ends, the process comes back with the
// same cache (which may lie after a failed sync), and the oracle still holds, also after a power cut that follows.

namespace forebay::spool {

using test::Fault;
using test::MemoryFileSystem;

/// Runs until a refusal or the end; every acknowledgement is in the oracle.
static void run(JournalTrace& trace, MemoryFileSystem& disk) {
  for (int i = 0; i < 2; ++i) {
    auto opened = trace.open(disk);
    if (!opened.journal) return;
    for (int step = 0; step < 8; ++step) {
      // What failed is retried once, as a careless owner would: the journal must refuse.
      if (trace.step(*opened.journal)) continue;
      const std::vector<std::string> first_try = trace.oracle.flying;
      if (trace.step(*opened.journal)) continue;
      trace.oracle.flying = first_try;  // it may have reached the disk; what was refused may not
      return;
    }
  }
}

static std::string check(JournalTrace& trace, MemoryFileSystem& disk, std::vector<std::string>& entries) {
  auto opened = trace.open(disk);
  if (!opened.journal) return "does not open: " + opened.error;
  entries = opened.entries;
  return compare(trace.oracle, opened.entries);
}

TEST(JournalFaults, AFailedSyncIsNeverAnAcknowledgement) {
  const std::uint64_t traces = test::trace_count(40);
  std::uint64_t faults = 0;
  for (std::uint64_t seed = test::first_seed(); seed < test::first_seed() + traces; ++seed) {
    for (std::uint64_t n = 1; n < 200; ++n) {
      JournalTrace trace(seed);
      MemoryFileSystem disk;
      const Fault fault = static_cast<Fault>((seed + n) % 3);
      bool hit = false;
      disk.set_fault([&](const test::FileCallInfo& info) -> std::optional<Fault> {
        if (info.number != n) return std::nullopt;
        hit = true;
        return fault;
      });
      run(trace, disk);
      if (!hit) break;
      ++faults;
      disk.set_fault({});
      const std::string where = "seed " + std::to_string(seed) + " call " + std::to_string(n);
      auto killed = disk.kill();
      std::vector<std::string> entries;
      ASSERT_EQ(check(trace, *killed, entries), "") << where;
      auto cut = killed->crash({});
      std::vector<std::string> after;
      ASSERT_EQ(check(trace, *cut, after), "") << where << ", then a power cut";
      ASSERT_EQ(after, entries) << where << ": what was delivered once must not vanish";
    }
  }
  RecordProperty("faults", static_cast<int>(faults));
  EXPECT_GT(faults, traces * 20);
}

}  // namespace forebay::spool
