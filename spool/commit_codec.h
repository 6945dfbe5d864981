#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/lineage.h"
#include "base/result.h"
#include "spool/journal.h"

namespace forebay::spool {

/// Everything that identifies a commit; all of it is under the check value, so that bytes of a recycled, copied or
/// misdirected sector never verify.
struct CommitPlace {
  Lineage lineage;
  JournalPosition at;
  JournalPosition previous;  ///< of the commit before it, also across files and runs; file 0: none
  friend bool operator==(const CommitPlace&, const CommitPlace&) = default;
};

/// Lays out one commit as pieces for a single write. Small parts are copied together, large ones are pointed to.
/// Owner  one encoder per journal, so that its memory is reused.
class CommitEncoder {
 public:
  /// Result  pieces, whole aligned blocks together; valid until the next call and as long as the entries' parts.
  /// Shape   every entry type is 1..65535 and all content fits 32 bits (the journal checks before).
  std::span<const ByteView> encode(const CommitPlace& place, std::span<const JournalEntry> entries,
                                   std::uint32_t alignment);

  /// Bytes the commit takes in the file.
  static std::uint64_t encoded_size(std::span<const JournalEntry> entries, std::uint32_t alignment);

 private:
  void add_part(ByteView part);
  void end_run();

  Buffer scratch_;
  std::size_t run_start_ = 0;
  std::vector<ByteView> pieces_;
};

struct CommitHeader {
  CommitPlace place;
  std::uint32_t content_bytes = 0;
  std::uint32_t entries = 0;
  std::uint32_t crc = 0;
  std::uint16_t kind = 0;
  std::uint16_t flags = 0;
  [[nodiscard]] std::uint64_t size() const;  ///< header and content, without padding
};

/// Where a commit is looked for. An unknown lineage (damaged file header) accepts any.
struct ExpectedCommit {
  std::optional<Lineage> lineage;
  JournalPosition at;
};

/// Empty unless the bytes begin with a header of exactly the expected place.
std::optional<CommitHeader> parse_commit_header(ByteView bytes, const ExpectedCommit& expected);
/// True when the check value of header and content holds. `bytes` has header.size() bytes.
bool commit_is_whole(const CommitHeader& header, ByteView bytes);
/// Errors  unsupported: encrypted or of an unknown kind: made by a newer program, named.
Result<void> check_commit_supported(const CommitHeader& header);

/// Entries of one verified commit, in order.
class EntryCursor {
 public:
  EntryCursor() = default;
  EntryCursor(const CommitHeader& header, ByteView content) : header_(header), content_(content) {}
  /// Empty at the end.
  /// Errors  corrupt: lengths contradict a valid check value; unsupported: an entry flag of a newer program.
  Result<std::optional<RecoveredEntry>> next();

 private:
  CommitHeader header_;
  ByteView content_;
  std::size_t position_ = 0;
  std::uint32_t index_ = 0;
};

/// "file 12 position 4096"
std::string to_string(const JournalPosition& position);

}  // namespace forebay::spool
