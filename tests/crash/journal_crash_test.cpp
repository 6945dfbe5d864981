#include <gtest/gtest.h>

#include <iostream>

#include "spool/journal_names.h"
#include "spool/recovery_table.h"
#include "tests/crash/crash_explorer.h"
#include "tests/crash/journal_trace.h"

// Power cuts at every operation of seeded journal traces (reliability T2): recover with the production code, compare
// with the oracle, recover again, go on writing, cut again. Damage of synced sectors is tried on the same images.
// FOREBAY_CRASH_TRACES and FOREBAY_CRASH_SEED make it longer or different.

namespace forebay::spool {

using test::CrashPlan;
using test::MemoryFileSystem;

namespace {

struct Totals {
  test::CrashExplorer explorer;
  std::array<std::uint64_t, kRecoveryRowsMax> rows{};
  std::uint64_t damaged = 0;
  void add(const RecoveryReport& report) {
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] += report.table_hits[i];
  }
};

/// Recovers twice; both times the same and right.
bool check_image(JournalTrace& trace, const JournalOracle& oracle, MemoryFileSystem& image, bool exact_names,
                 Totals& totals, const std::string& where) {
  auto first = trace.open(image);
  totals.add(first.report);
  if (!first.journal) {
    ADD_FAILURE() << where << ": does not open: " << first.error;
    return false;
  }
  const std::string wrong = compare(oracle, first.entries);
  EXPECT_EQ(wrong, "") << where;
  if (exact_names) {
    EXPECT_EQ(first.report.corrupt_holes, 0U) << where << ": a crash is not corruption";
  }
  first.journal.reset();
  auto second = trace.open(image);
  totals.add(second.report);
  EXPECT_EQ(second.entries, first.entries) << where << ": recovery is idempotent";
  return wrong.empty() && second.journal && second.entries == first.entries;
}

/// The oracle after a recovery: what came back is what there is.
JournalOracle after_recovery(const JournalOracle& before, const std::vector<std::string>& entries) {
  JournalOracle oracle;
  std::size_t at = 0;
  auto take = [&](const std::vector<std::string>& texts) {
    if (texts.empty() || at == entries.size() || entries[at] != texts[0]) return false;
    at += texts.size();
    return true;
  };
  for (std::size_t i = before.freed; i < before.commits.size(); ++i) {
    if (take(before.commits[i].texts)) oracle.commits.push_back(before.commits[i]);
  }
  if (take(before.flying)) oracle.commits.push_back({before.flying, {}, 0});
  return oracle;
}

/// Goes on after the crash, and crashes again.
void continue_and_crash(const JournalTrace& trace, MemoryFileSystem& image, std::uint64_t seed, bool exact_names,
                        Totals& totals, const std::string& where) {
  JournalTrace next(seed);
  next.options = trace.options;
  next.next_text = 1'000'000;
  auto opened = next.open(image);
  totals.add(opened.report);
  if (!opened.journal) return;
  next.oracle = after_recovery(trace.oracle, opened.entries);
  const std::uint64_t steps = 1 + next.random() % 20;
  for (std::uint64_t i = 0; i < steps; ++i) {
    if (!next.commit(*opened.journal)) {
      ADD_FAILURE() << where << ": refused after recovery";
      return;
    }
  }
  image.on_operation([&](const test::FileCallInfo& info) {
    if (info.call != test::FileCall::sync) return;
    totals.explorer.explore(image, seed, 30, [&](MemoryFileSystem& second, const CrashPlan&) {
      check_image(next, next.oracle, second, exact_names, totals, where + ", then again");
    });
  });
  next.commit(*opened.journal);
  image.on_operation({});
  opened.journal.reset();
  auto last = next.open(image);
  totals.add(last.report);
  EXPECT_EQ(compare(next.oracle, last.entries), "") << where << ", then on";
}

std::string file_of(const JournalOracle::Commit& commit) { return "j/" + journal_file_name(commit.at.file); }

void damage(MemoryFileSystem& image, std::mt19937_64& random, const JournalOracle::Commit& commit) {
  const std::uint64_t sectors = (commit.end - commit.at.position) / 512;
  Buffer noise(512, static_cast<std::uint8_t>(random() % 2 * 0x5a));
  // The first sector leaves nothing to recognise, a later one leaves a broken commit.
  const std::uint64_t sector = random() % 2 == 0 ? 0 : random() % sectors;
  if (sector == 0 && random() % 2 == 0) {
    image.overwrite(file_of(commit), commit.at.position + 4, ByteView(noise).first(4));  // the check value
  } else {
    image.overwrite(file_of(commit), commit.at.position + sector * 512, noise);
  }
}

/// One or two synced commits damaged, also at the ends of files: the others stay readable, nothing wrong comes back.
void damage_and_check(JournalTrace& trace, MemoryFileSystem& image, std::uint64_t seed, Totals& totals,
                      const std::string& where) {
  std::mt19937_64 random(seed);
  const JournalOracle& oracle = trace.oracle;
  std::vector<std::size_t> alive;
  for (std::size_t i = std::max(oracle.freed, oracle.freeing); i < oracle.commits.size(); ++i) {
    if (image.content(file_of(oracle.commits[i])).size() >= oracle.commits[i].end) alive.push_back(i);
  }
  if (alive.size() < 3) return;
  std::vector<bool> lost(oracle.commits.size());
  auto hit = [&](std::size_t i) {
    lost[i] = true;
    damage(image, random, oracle.commits[i]);
  };
  std::vector<std::size_t> last_of_file;
  for (std::size_t i = 0; i + 1 < alive.size(); ++i) {
    if (oracle.commits[alive[i]].at.file != oracle.commits[alive[i + 1]].at.file) last_of_file.push_back(i);
  }
  const unsigned kind = random() % 4;
  if (kind == 0 || last_of_file.empty()) {
    hit(alive[random() % alive.size()]);
  } else {
    const std::size_t end = last_of_file[random() % last_of_file.size()];
    if (kind != 1) hit(alive[end + 1]);  // first of the next file
    if (kind != 2) hit(alive[end]);      // last of this one
  }
  if (!totals.explorer.note(image)) return;
  ++totals.damaged;
  auto opened = trace.open(image);
  totals.add(opened.report);
  ASSERT_TRUE(opened.journal) << where << ": damage must not stop it: " << opened.error;
  EXPECT_EQ(compare(oracle, opened.entries, lost), "") << where << ", damaged";
}

void run_trace(std::uint64_t seed, Totals& totals) {
  JournalTrace trace(seed);
  MemoryFileSystem disk;
  std::uint64_t operation = 0;
  disk.on_operation([&](const test::FileCallInfo& info) {
    ++operation;
    const std::string where = "seed " + std::to_string(seed) + " operation " + std::to_string(operation);
    const std::uint64_t image_seed = seed * 1000 + operation;
    const unsigned share = info.call == test::FileCall::sync ? 100 : 50;
    totals.explorer.explore(disk, image_seed, share, [&](MemoryFileSystem& image, const CrashPlan& plan) {
      const bool exact = plan.names != CrashPlan::Names::random;
      const auto before = image.crash({});
      if (!check_image(trace, trace.oracle, image, exact, totals, where)) return;
      if ((image_seed + plan.index + plan.seed) % 7 == 0) {
        continue_and_crash(trace, image, image_seed, exact, totals, where);
      } else if (plan.sectors == CrashPlan::Sectors::none) {
        for (std::uint64_t i = 0; i < 4; ++i) {
          auto copy = before->crash({});
          damage_and_check(trace, *copy, image_seed * 4 + i, totals, where);
        }
      }
    });
  });
  for (int run = 0; run < 3; ++run) {
    auto opened = trace.open(disk);
    ASSERT_TRUE(opened.journal) << opened.error;
    EXPECT_EQ(compare(trace.oracle, opened.entries), "") << "seed " << seed;
    const std::uint64_t steps = 3 + trace.random() % 7;
    for (std::uint64_t i = 0; i < steps; ++i) ASSERT_TRUE(trace.step(*opened.journal)) << "seed " << seed;
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace

TEST(JournalCrash, NoAcknowledgedCommitIsLostAndNoneInventedAtAnyPowerCut) {
  Totals totals;
  const std::uint64_t traces = test::trace_count(260);
  const std::uint64_t seed = test::first_seed();
  for (std::uint64_t i = 0; i < traces; ++i) {
    run_trace(seed + i, totals);
    if (HasFailure()) {
      std::cout << "first failing seed: " << seed + i << "\n";
      return;
    }
  }
  std::cout << "journal: " << totals.explorer.distinct() << " distinct crash states of " << totals.explorer.images()
            << " images from " << traces << " traces, " << totals.damaged << " of them damaged\n";
  for (std::size_t i = 0; i < recovery_table().size(); ++i) {
    std::cout << "  " << totals.rows[i] << "  " << recovery_table()[i].name << "\n";
    if (traces >= 260) {
      EXPECT_GE(totals.rows[i], 100U) << recovery_table()[i].name;
    }
  }
}

}  // namespace forebay::spool
