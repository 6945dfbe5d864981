#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/entropy.h"
#include "base/file_system.h"
#include "base/lineage.h"
#include "base/log.h"
#include "base/units.h"

namespace forebay::spool {

/// Place of a commit: file number (rising, never reused), then byte position in it.
struct JournalPosition {
  std::uint64_t file = 0;
  std::uint64_t position = 0;
  friend auto operator<=>(const JournalPosition&, const JournalPosition&) = default;
};

struct JournalOptions {
  std::uint64_t file_bytes = 64_MiB;
  std::uint64_t commit_bytes_max = 16_MiB;
  /// Zero new files once and recycle freed ones (gateway); otherwise they are reserved by fallocate and removed (agent).
  bool zero_and_recycle = true;
  std::uint32_t recycled_files_max = 4;
};

/// One entry handed to commit(): a type the caller chooses (1..65535) and content given as pieces, stored back to back.
struct JournalEntry {
  std::uint16_t type = 0;
  std::span<const ByteView> parts;
};

/// One entry read back. `content` is valid during the visit only.
struct RecoveredEntry {
  JournalPosition commit;        ///< of the commit that holds it
  std::uint32_t index = 0;       ///< within that commit
  Lineage lineage;               ///< of the run that wrote it
  std::uint16_t type = 0;
  ByteView content;
};
using EntryVisitor = std::function<Result<void>(const RecoveredEntry&)>;

/// What open() found; logged by the owner and shown by `forebay spool verify`.
struct RecoveryReport {
  std::uint64_t files = 0;
  std::uint64_t commits = 0;
  std::uint64_t entries = 0;
  std::uint64_t torn_tails = 0;          ///< broken last commits, cut whole
  std::uint64_t corrupt_holes = 0;       ///< broken commits with a valid later one: kept, skipped, counted
  std::uint64_t corrupt_bytes = 0;
  std::vector<std::string> details;      ///< one line per finding: file, position, what
};

/// Append-only journal in one directory, shared by agent and gateway; contents are opaque to it. The unit of writing,
/// checking and recovery is the commit. Format and recovery table: docs/formats/journal.md.
/// Lifecycle  open() recovers, seals what is there and starts a new lineage in a new file; then commit() and
///            free_before(). After any error of commit() the journal refuses everything: the owner must exit.
/// Threads    owner thread only; read() may run on one other thread for positions before end().
class Journal {
 public:
  /// Locks the directory, recovers, visits every surviving entry in order.
  /// Errors  conflict: another process holds the directory; unsupported: a newer format, named; io; visitor's own.
  static Result<std::unique_ptr<Journal>> open(FileSystem& files, Entropy& entropy, Logger logger, std::string path,
                                               const JournalOptions& options, const EntryVisitor& visitor,
                                               RecoveryReport& report);
  virtual ~Journal() = default;

  /// Writes all entries as one commit.
  /// Shape    at least one entry; all parts together at most commit_bytes_max.
  /// Success  durable: fdatasync has returned. The result is the commit's position.
  /// Errors   too_large, invalid_argument, no_space: nothing was written and the journal still works (no_space is found
  ///          while reserving a new file, before anything of this commit is written). io: see class.
  virtual Result<JournalPosition> commit(std::span<const JournalEntry> entries) = 0;
  /// Frees (recycles or removes) all files whose commits lie wholly before `position`. Never the file being written.
  virtual Result<void> free_before(JournalPosition position) = 0;
  /// Visits entries from the first commit at or after `from`, until the visitor returns false or the end is reached.
  virtual Result<void> read(JournalPosition from, const std::function<Result<bool>(const RecoveredEntry&)>& visitor) = 0;

  [[nodiscard]] virtual const Lineage& lineage() const = 0;
  /// Position the next commit will have, at least.
  [[nodiscard]] virtual JournalPosition end() const = 0;
  [[nodiscard]] virtual JournalPosition begin() const = 0;
  /// Bytes of all files in the directory, recycled ones included.
  [[nodiscard]] virtual std::uint64_t disk_bytes() const = 0;
  virtual Result<void> close() = 0;
};

}  // namespace forebay::spool
