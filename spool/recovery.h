#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "spool/commit_reader.h"
#include "spool/file_header.h"
#include "spool/journal.h"
#include "spool/recovery_table.h"

namespace forebay::spool {

using Root = std::array<std::uint8_t, 16>;

/// One journal file as found at open.
struct RecoveredFile {
  std::string path;
  std::uint64_t size = 0;
  HeaderState header = HeaderState::absent;
  CommitReader::FileTraits traits;
  std::optional<JournalPosition> first_previous;  ///< named by the first whole commit; empty: no whole commit
  std::uint64_t first_position = 0;
  std::optional<std::uint64_t> last_commit;  ///< position of the last one that counts; empty: not known
  std::uint64_t data_end = 0;                ///< end of that commit, or the size when not known
  bool foreign = false;                      ///< belongs to another journal
  bool unused = false;                       ///< sound header and nothing else
};

struct Recovered {
  std::vector<RecoveredFile> files;
  JournalPosition last;          ///< of the last commit that counts; file 0: none
  std::uint64_t last_ordinal = 0;
};

struct RecoveryInput {
  FileSystem& files;
  std::string path;
  std::uint32_t alignment = 0;          ///< for files whose header is damaged
  std::uint16_t head_entry_type = 0;    ///< see JournalOptions
  std::optional<Root> root;             ///< of this journal; empty: that of the newest sound header
  bool sync_last_file = true;           ///< false for readers beside a running owner
};

/// Reads the directory by the recovery table and visits what survives. Changes nothing on disk, except that the last
/// file is synced first, so that what is read is what a power cut would leave.
/// Errors  unsupported: a newer format, named; io; the visitor's own.
Result<Recovered> recover_journal(const RecoveryInput& input, const EntryVisitor& visitor, RecoveryReport& report);

/// The root in the newest sound header.
Result<std::optional<Root>> find_root(FileSystem& files, const std::string& path);

}  // namespace forebay::spool
