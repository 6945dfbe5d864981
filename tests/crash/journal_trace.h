#pragma once

#include <random>
#include <string>
#include <vector>

#include "spool/journal.h"
#include "tests/support/log_capture.h"
#include "tests/support/memory_file_system.h"
#include "tests/support/seeded_entropy.h"

namespace forebay::spool {

/// What was told to the owner of a journal: the oracle.
struct JournalOracle {
  struct Commit {
    std::vector<std::string> texts;
    JournalPosition at;
    std::uint64_t end = 0;
  };
  std::vector<Commit> commits;      ///< acknowledged
  std::vector<std::string> flying;  ///< the commit that has not returned
  std::size_t freed = 0;            ///< commits before it are gone for good
  std::size_t freeing = 0;          ///< commits before it may be gone
};

/// Runs a seeded mix of commits, frees and restarts on one disk, keeping the oracle up to date.
class JournalTrace {
 public:
  explicit JournalTrace(std::uint64_t seed) : random(seed), entropy(seed) {
    options.zero_and_recycle = random() % 2 == 0;
    options.alignment = random() % 3 == 0 ? 512 : 4096;
    options.file_bytes = 32_KiB;
    options.commit_bytes_max = 12_KiB;
    options.recycled_files_max = 1 + random() % 2;
  }

  struct Opened {
    std::unique_ptr<Journal> journal;
    std::vector<std::string> entries;
    RecoveryReport report;
    std::string error;
  };
  Opened open(test::MemoryFileSystem& disk) {
    Opened opened;
    auto result = Journal::open(
        disk, entropy, Logger(log, "journal", LogLevel::error), "j", options,
        [&](const RecoveredEntry& entry) -> Result<void> {
          opened.entries.emplace_back(as_text(entry.content));
          return {};
        },
        opened.report);
    if (result) {
      opened.journal = *std::move(result);
    } else {
      opened.error = result.error().to_string();
    }
    return opened;
  }

  /// One operation. False when the journal refused: the run is over.
  bool step(Journal& journal) {
    const unsigned kind = random() % 10;
    if (kind == 0) return free_some(journal);
    if (kind == 1) return static_cast<bool>(journal.prepare_next_file());
    return commit(journal);
  }
  bool commit(Journal& journal) {
    oracle.flying.clear();
    const std::size_t count = 1 + random() % 4;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t size = random() % 4 == 0 ? random() % 2800 : random() % 40;
      oracle.flying.push_back(std::to_string(next_text++) + ":" + std::string(size, static_cast<char>('a' + i)));
    }
    std::vector<ByteView> views;
    for (const std::string& text : oracle.flying) views.push_back(as_bytes(text));
    std::vector<JournalEntry> entries;
    for (const ByteView& view : views) entries.push_back({1, std::span(&view, 1)});
    const auto at = journal.commit(entries);
    if (!at) return false;
    oracle.commits.push_back({std::move(oracle.flying), *at, journal.end().position});
    oracle.flying.clear();
    return true;
  }
  bool free_some(Journal& journal) {
    if (oracle.commits.empty()) return true;
    const std::size_t upto = random() % oracle.commits.size();
    const JournalPosition position = oracle.commits[upto].at;
    std::size_t gone = 0;
    while (gone < oracle.commits.size() && oracle.commits[gone].at.file < position.file) ++gone;
    oracle.freeing = std::max(oracle.freeing, gone);
    if (!journal.free_before(position)) return false;
    oracle.freed = std::max(oracle.freed, gone);
    return true;
  }

  std::mt19937_64 random;
  test::SeededEntropy entropy;
  test::LogCapture log;
  JournalOptions options;
  JournalOracle oracle;
  std::uint64_t next_text = 0;
};

/// Compares what was recovered with the oracle. Empty when right, else what is wrong. `lost` lists commits that damage
/// of the medium may have taken.
inline std::string compare(const JournalOracle& oracle, const std::vector<std::string>& got,
                           const std::vector<bool>& may_be_lost = {}) {
  std::size_t at = 0;
  auto take = [&](const std::vector<std::string>& texts) {
    if (got.size() - at < texts.size() || !std::equal(texts.begin(), texts.end(), got.begin() + at)) return false;
    at += texts.size();
    return true;
  };
  for (std::size_t i = oracle.freed; i < oracle.commits.size(); ++i) {
    const bool optional = i < oracle.freeing || (i < may_be_lost.size() && may_be_lost[i]);
    if (!take(oracle.commits[i].texts) && !optional) return "acknowledged commit " + std::to_string(i) + " is lost";
  }
  if (at != got.size() && !oracle.flying.empty()) take(oracle.flying);
  if (at != got.size()) return "invented, torn or misplaced entry: " + got[at].substr(0, 20);
  return {};
}

}  // namespace forebay::spool
