#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
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
  /// Zero new files once and recycle freed ones (gateway); otherwise they are reserved by fallocate and removed
  /// (agent).
  bool zero_and_recycle = true;
  std::uint32_t recycled_files_max = 4;
  /// Commits start at multiples of it: 512 or 4096. With 4096 no page of an earlier commit is ever written again.
  std::uint32_t alignment = 4096;
  /// Written into file headers for people: wall time of this run in milliseconds, or 0.
  std::int64_t started_ms = 0;
  /// Not 0: the owner makes the first entry of the first commit of every file one of this type, holding all it needs
  /// from earlier files (see would_roll()). open() then visits everything from the newest file that begins so, and
  /// nothing before it, so that its time does not grow with the journal.
  std::uint16_t head_entry_type = 0;
  /// Of this run's lineage, which otherwise gets one more than the last one's.
  std::uint64_t ordinal_min = 0;
};

/// One entry handed to commit(): a type the caller chooses (1..65535) and content given as pieces, stored back to back.
struct JournalEntry {
  std::uint16_t type = 0;
  std::span<const ByteView> parts;
};

/// One entry read back. `content` is valid during the visit only.
struct RecoveredEntry {
  JournalPosition commit;   ///< of the commit that holds it
  std::uint32_t index = 0;  ///< within that commit
  Lineage lineage;          ///< of the run that wrote it
  std::uint16_t type = 0;
  ByteView content;
};

using EntryVisitor = std::function<Result<void>(const RecoveredEntry&)>;

inline constexpr std::size_t kRecoveryRowsMax = 16;

/// What open() found; logged by the owner and shown by `forebay spool verify`.
struct RecoveryReport {
  std::uint64_t files = 0;
  std::uint64_t commits = 0;
  std::uint64_t entries = 0;
  std::uint64_t torn_tails = 0;     ///< broken last commits, cut whole
  std::uint64_t corrupt_holes = 0;  ///< broken commits with a valid later one: kept, skipped, counted
  std::uint64_t corrupt_bytes = 0;
  std::vector<std::string> details;  ///< one line per finding: file, position, what; the first hundred
  std::array<std::uint64_t, kRecoveryRowsMax> table_hits{};  ///< how often each row of the recovery table applied
};

/// A reading place that follows the journal: the entries of all commits from a position on, in order, damage skipped.
/// Memory   one read-ahead window or the largest commit read.
/// Threads  one caller; that may be another thread than the journal's owner.
class JournalCursor {
 public:
  virtual ~JournalCursor() = default;
  /// Empty: everything durable was read; later calls return what was committed since. The entry's content is valid
  /// until the next call.
  virtual Result<std::optional<RecoveredEntry>> next() = 0;
  /// Damaged places passed so far.
  [[nodiscard]] virtual std::uint64_t holes() const = 0;
};

struct JournalFileInfo {
  std::uint64_t number = 0;
  std::uint64_t bytes = 0;  ///< on disk
  Lineage lineage;
};

/// Append-only journal in one directory, shared by agent and gateway; contents are opaque to it. The unit of writing,
/// checking and recovery is the commit. Format and recovery table: docs/formats/journal.md.
/// Lifecycle  open() recovers, leaves what is there as it is and chooses a new lineage, whose first file is made by the
///            first commit; then commit() and free_before(). After any error of commit() the journal refuses
///            everything: the owner must exit.
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
  /// Frees all files numbered [from, to), except the one being written; for owners whose heads hold what is needed.
  virtual Result<void> free_files(std::uint64_t from, std::uint64_t to) = 0;
  /// Visits entries from the first commit at or after `from`, until the visitor returns false or the end is reached.
  virtual Result<void> read(JournalPosition from,
                            const std::function<Result<bool>(const RecoveredEntry&)>& visitor) = 0;

  /// Reads from the first commit at or after `from`. Files freed under the cursor are passed over.
  virtual std::unique_ptr<JournalCursor> cursor(JournalPosition from) = 0;
  /// The same, past the page cache: what the device gives back.
  virtual std::unique_ptr<JournalCursor> device_cursor(JournalPosition from) = 0;

  /// True when the next commit with these entries would begin a new file.
  [[nodiscard]] virtual bool would_roll(std::span<const JournalEntry> entries) const = 0;
  /// Begins a new file for the next commit. Errors as commit(); after no_space the current file stays in use.
  /// `file_bytes` makes it smaller than usual; 0: the usual size (the only one with recycling).
  virtual Result<void> roll(std::uint64_t file_bytes = 0) = 0;
  /// Bytes left for commits in the current file; 0 when there is none yet.
  [[nodiscard]] virtual std::uint64_t room() const = 0;
  /// Prepares the next file ahead, so that a later commit does not wait for it; nothing to do when one is ready.
  /// Errors   no_space: the journal still works. io: see class.
  /// Threads  may run on one other thread.
  virtual Result<void> prepare_next_file() = 0;
  /// Journal files, oldest first; the last one may be the one being written.
  [[nodiscard]] virtual std::vector<JournalFileInfo> file_infos() const = 0;

  [[nodiscard]] virtual const Lineage& lineage() const = 0;
  /// Position the next commit will have, at least.
  [[nodiscard]] virtual JournalPosition end() const = 0;
  [[nodiscard]] virtual JournalPosition begin() const = 0;
  /// Bytes of all files in the directory, recycled ones included.
  [[nodiscard]] virtual std::uint64_t disk_bytes() const = 0;
  virtual Result<void> close() = 0;
};

}  // namespace forebay::spool
