#pragma once

#include <string>
#include <vector>

#include "spool/journal.h"
#include "tests/support/log_capture.h"
#include "tests/support/memory_file_system.h"
#include "tests/support/seeded_entropy.h"

namespace forebay::spool {

inline std::string text_of(const RecoveredEntry& entry) { return std::string(as_text(entry.content)); }

/// What one open of a journal delivered.
struct OpenedJournal {
  std::unique_ptr<Journal> journal;
  std::vector<std::string> entries;
  std::vector<Lineage> lineages;
  RecoveryReport report;
  Error error;
};

/// A journal on a disk in memory.
class JournalFixture {
 public:
  explicit JournalFixture(std::uint64_t seed = 1) : entropy(seed) {
    options.file_bytes = 64_KiB;
    options.commit_bytes_max = 16_KiB;
  }

  OpenedJournal open(test::MemoryFileSystem& on) {
    OpenedJournal opened;
    auto result = Journal::open(
        on, entropy, Logger(log, "journal"), "j", options,
        [&](const RecoveredEntry& entry) -> Result<void> {
          opened.entries.push_back(text_of(entry));
          opened.lineages.push_back(entry.lineage);
          return {};
        },
        opened.report);
    if (result) {
      opened.journal = *std::move(result);
    } else {
      opened.error = result.error();
    }
    return opened;
  }
  OpenedJournal open() { return open(disk); }

  static Result<JournalPosition> put(Journal& journal, const std::vector<std::string>& texts, std::uint16_t type = 1) {
    std::vector<ByteView> views;
    for (const std::string& text : texts) views.push_back(as_bytes(text));
    std::vector<JournalEntry> entries;
    for (const ByteView& view : views) entries.push_back({type, std::span(&view, 1)});
    return journal.commit(entries);
  }

  static std::vector<std::string> read_all(Journal& journal, JournalPosition from = {}) {
    std::vector<std::string> texts;
    auto read = journal.read(from, [&](const RecoveredEntry& entry) -> Result<bool> {
      texts.push_back(text_of(entry));
      return true;
    });
    if (!read) texts.push_back(read.error().to_string());
    return texts;
  }

  test::MemoryFileSystem disk;
  test::SeededEntropy entropy;
  test::LogCapture log;
  JournalOptions options;
};

}  // namespace forebay::spool
