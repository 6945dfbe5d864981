#include <gtest/gtest.h>

#include <iostream>

#include "tests/crash/crash_explorer.h"
#include "tests/crash/spool_trace.h"

// Power cuts at every operation of seeded spool traces: after each one the spool is opened, everything owed is sent to
// a gateway that knows what it had, and the books must balance: every accepted record there once, in order, or counted
// in a declared gap; positions never ahead of the records; sealed batches the same as before.

namespace forebay::spool {

using test::CrashPlan;
using test::MemoryFileSystem;

namespace {

/// Sends all that is owed. Empty, or what is wrong.
std::string send_all(Spool& spool, SpoolOracle& oracle) {
  for (const LaneStatus& status : spool.lanes()) {
    for (int i = 0; i < 1000; ++i) {
      const std::string wrong = SpoolTrace::send(spool, status.lane, {}, oracle, true);
      if (wrong == "nothing") break;
      if (!wrong.empty()) return wrong;
    }
  }
  return {};
}

/// What the gateway holds, compared with what was accepted.
std::string balance(const SpoolOracle& oracle) {
  std::set<std::uint64_t> present;
  std::uint64_t declared = 0;
  for (const auto& [lane, held] : oracle.gateway.lanes) {
    std::uint64_t last = 0;
    for (const auto& [sequence, text] : held.records) {
      if (text.starts_with("{")) {
        declared += std::stoull(text.substr(text.find("\"count\":") + 8));
        continue;
      }
      const std::uint64_t number = number_of(text);
      if (number <= last) return "order broken at record " + std::to_string(number);
      last = number;
      if (!present.insert(number).second) return "record " + std::to_string(number) + " twice";
      if (!oracle.accepted.contains(number) && !oracle.flying.contains(number)) {
        return "invented record " + std::to_string(number);
      }
    }
  }
  std::uint64_t missing = 0;
  std::uint64_t undecided = 0;
  for (const std::uint64_t number : oracle.accepted) missing += !present.contains(number);
  for (const std::uint64_t number : oracle.flying) undecided += !present.contains(number);
  if (declared < missing) {
    return std::to_string(missing) + " records missing, " + std::to_string(declared) + " declared";
  }
  if (declared > missing + undecided) {
    return std::to_string(declared) + " declared, but only " + std::to_string(missing) + " missing";
  }
  return {};
}

std::string check_positions(const Spool& spool, const SpoolOracle& oracle) {
  const auto positions = spool.source_positions();
  const auto at = positions.find("f");
  const std::uint64_t position = at == positions.end() ? 0 : std::stoull(std::string(as_text(at->second)));
  if (position == oracle.position || oracle.flying.contains(position)) return {};
  return "source position " + std::to_string(position) + ", told was " + std::to_string(oracle.position);
}

/// What the agent does at every OPEN (rule A4): both sides agree on what the gateway has.
std::string open_session(Spool& spool, const SpoolOracle& oracle) {
  for (const LaneStatus& status : spool.lanes()) {
    const auto held = oracle.gateway.lanes.find(status.lane);
    if (held != oracle.gateway.lanes.end() && status.acked > held->second.last) {
      const auto lowered = spool.lower_acknowledged(status.lane, held->second.last);
      if (!lowered) return lowered.error().to_string();
    }
    if (held != oracle.gateway.lanes.end() && status.acked < held->second.last) {
      const auto raised = spool.acknowledge(status.lane, held->second.last, 1);
      if (!raised) return raised.error().to_string();
    }
  }
  return {};
}

/// Lanes, seals and positions right after the crash.
std::string check_state(Spool& spool, const SpoolOracle& oracle) {
  const std::string wrong = check_positions(spool, oracle);
  if (!wrong.empty()) return wrong;
  for (const LaneStatus& status : spool.lanes()) {
    const auto held = oracle.gateway.lanes.find(status.lane);
    const std::uint64_t ever = held == oracle.gateway.lanes.end() ? 0 : held->second.ever;
    if (status.acked > ever) {
      return "acknowledged " + std::to_string(status.acked) + ", the gateway never had more than " +
             std::to_string(ever);
    }
    const auto sealed = oracle.sealed.find(status.lane);
    if (sealed == oracle.sealed.end() || sealed->second.first < status.first) continue;
    if (sealed->second.first + sealed->second.count - 1 <= status.acked) continue;  // files of it may be freed
    auto again = spool.next_batch(status.lane, sealed->second.first - 1, {});
    if (!again) return again.error().to_string();
    if (!*again) continue;                                                // lost and declared: balance() counts it
    if ((*again)->seal.first != sealed->second.first) continue;  // dropped and declared
    if ((*again)->seal.count != sealed->second.count || (*again)->seal.records_crc != sealed->second.records_crc) {
      return "a sealed batch changed";
    }
  }
  // Nothing may be gone that is neither acknowledged durably nor declared.
  const std::uint64_t declared = spool.usage().dropped_records;
  for (const LaneStatus& status : spool.lanes()) {
    if (oracle.lowered.contains(status.lane)) continue;
    auto next = spool.next_batch(status.lane, status.acked, {});
    if (!next && next.error().code != Errc::no_space) return next.error().to_string();
    if (spool.usage().dropped_records != declared) return "records were freed before their acknowledgement was durable";
  }
  return open_session(spool, oracle);
}

/// The gateway's side may have moved on while a lowering was under way; a resend must be accepted either way.
bool check_image(SpoolTrace& trace, SpoolOracle oracle, MemoryFileSystem& image, const std::string& where) {
  std::vector<std::uint64_t> lasts;
  {
    auto spool = trace.open(image);
    if (!spool) {
      ADD_FAILURE() << where << ": does not open: " << trace.error;
      return false;
    }
    EXPECT_EQ(spool->recovery_report().corrupt_holes, 0U) << where << ": a crash is not corruption";
    for (const LaneStatus& lane : spool->lanes()) {
      lasts.insert(lasts.end(), {lane.first, lane.last, lane.acked, lane.lane.lineage.nonce});
    }
  }
  auto spool = trace.open(image);
  std::vector<std::uint64_t> again;
  for (const LaneStatus& lane : spool->lanes()) {
    again.insert(again.end(), {lane.first, lane.last, lane.acked, lane.lane.lineage.nonce});
  }
  EXPECT_EQ(again, lasts) << where << ": recovery is idempotent";
  std::string wrong = check_state(*spool, oracle);
  if (wrong.empty()) wrong = send_all(*spool, oracle);
  // One more record brings out what drop_newest still has to declare.
  RecordChunk last("web");
  const std::string text = std::to_string(trace.next_number + 1'000'000) + ":last";
  last.add("k", from_millis(6), as_bytes(text));
  oracle.accepted.insert(trace.next_number + 1'000'000);
  const auto appended = spool->append(std::span(&last, 1));
  if (wrong.empty() && !appended) wrong = "cannot go on: " + appended.error().to_string();
  if (wrong.empty()) wrong = send_all(*spool, oracle);
  if (wrong.empty()) wrong = balance(oracle);
  EXPECT_EQ(wrong, "") << where;
  return wrong.empty();
}

/// Goes on from the image for some operations, with cuts at each of them.
void continue_and_crash(const SpoolTrace& trace, MemoryFileSystem& image, std::uint64_t seed,
                        test::CrashExplorer& explorer, const std::string& where) {
  SpoolTrace next(seed);
  next.options = trace.options;
  next.next_number = trace.next_number + 1000;
  next.oracle = trace.oracle;
  auto spool = next.open(image);
  if (!spool) return;
  // What was under way is decided now: in the spool, or never there.
  const auto positions = spool->source_positions();
  const auto at = positions.find("f");
  if (at != positions.end()) next.oracle.position = std::stoull(std::string(as_text(at->second)));
  for (const std::uint64_t number : trace.oracle.flying) {
    if (number <= next.oracle.position) next.oracle.accepted.insert(number);
  }
  next.oracle.flying.clear();
  next.oracle.sealed.clear();
  std::uint64_t operation = 0;
  image.on_operation([&](const test::FileCallInfo&) {
    explorer.explore(image, seed + ++operation, 6, [&](MemoryFileSystem& second, const CrashPlan&) {
      check_image(next, next.oracle, second, where + ", then again");
    });
  });
  const std::uint64_t steps = 1 + next.random() % 20;
  for (std::uint64_t i = 0; i < steps && !testing::Test::HasFailure(); ++i) {
    ASSERT_TRUE(next.step(*spool)) << where << ", then on: " << next.error;
  }
  image.on_operation({});
  spool.reset();
}

void run_trace(std::uint64_t seed, test::CrashExplorer& explorer) {
  SpoolTrace trace(seed);
  MemoryFileSystem disk;
  std::uint64_t operation = 0;
  disk.on_operation([&](const test::FileCallInfo& info) {
    if (testing::Test::HasFailure()) return;
    ++operation;
    const std::string where = "seed " + std::to_string(seed) + " operation " + std::to_string(operation);
    const std::uint64_t image_seed = seed * 1000 + operation;
    const unsigned share = info.call == test::FileCall::sync || info.call == test::FileCall::sync_directory ? 14 : 5;
    explorer.explore(disk, image_seed, share, [&](MemoryFileSystem& image, const CrashPlan& plan) {
      const auto before = image.crash({});
      if (!check_image(trace, trace.oracle, image, where)) return;
      if ((image_seed + plan.index + plan.seed) % 37 == 0) {
        continue_and_crash(trace, *before, image_seed, explorer, where);
      }
    });
  });
  for (int run = 0; run < 3; ++run) {
    auto spool = trace.open(disk);
    ASSERT_TRUE(spool) << trace.error;
    const std::uint64_t steps = 8 + trace.random() % 25;
    for (std::uint64_t i = 0; i < steps; ++i) {
      ASSERT_TRUE(trace.step(*spool)) << "seed " << seed << ": " << trace.error;
      if (testing::Test::HasFailure()) return;
    }
    if (trace.random() % 2 == 0) {
      ASSERT_TRUE(spool->close());
    }
  }
}

}  // namespace

// One I/O fault at any call: the run may end, the books still balance after the restart.
TEST(SpoolFaults, BooksBalanceAfterAnySingleFault) {
  std::uint64_t faults = 0;
  const std::uint64_t traces = std::min<std::uint64_t>(test::trace_count(24), 1000);
  for (std::uint64_t seed = test::first_seed(); seed < test::first_seed() + traces; ++seed) {
    for (std::uint64_t n = 1 + seed % 3; n < 2000; n += 3) {
      SpoolTrace trace(seed);
      MemoryFileSystem disk;
      bool hit = false;
      disk.set_fault([&](const test::FileCallInfo& info) -> std::optional<test::Fault> {
        if (info.number != n) return std::nullopt;
        hit = true;
        return static_cast<test::Fault>((seed + n) % 3);
      });
      {
        auto spool = trace.open(disk);
        for (int i = 0; spool && i < 40; ++i) {
          if (!trace.step(*spool)) break;
        }
      }
      if (!hit) break;
      ++faults;
      disk.set_fault({});
      auto killed = disk.kill();
      const std::string where = "seed " + std::to_string(seed) + " call " + std::to_string(n);
      ASSERT_TRUE(check_image(trace, trace.oracle, *killed, where)) << where;
    }
  }
  std::cout << "spool: " << faults << " single faults from " << traces << " traces\n";
  EXPECT_GT(faults, traces * 10);
}

TEST(SpoolCrash, BooksBalanceAtAnyPowerCut) {
  test::CrashExplorer explorer;
  const std::uint64_t traces = test::trace_count(260);
  const std::uint64_t seed = test::first_seed();
  for (std::uint64_t i = 0; i < traces; ++i) {
    run_trace(seed + i, explorer);
    if (HasFailure()) {
      std::cout << "first failing seed: " << seed + i << "\n";
      return;
    }
  }
  std::cout << "spool: " << explorer.distinct() << " distinct crash states of " << explorer.images() << " images from "
            << traces << " traces\n";
}

}  // namespace forebay::spool
