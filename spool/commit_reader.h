#pragma once

#include <memory>
#include <optional>

#include "base/file_system.h"
#include "spool/commit_codec.h"

namespace forebay::spool {

enum class CommitState : std::uint8_t {
  whole,   ///< identity and check value hold
  broken,  ///< begins like a commit of exactly this place, but the rest does not fit
  blank,   ///< nothing of this file: zeros, bytes of an earlier life of the file, noise
};

/// Reads the commits of one journal file through a window. Sectors that cannot be read count as zeros, so that damage
/// of the medium is handled like any other damage.
/// Threads  one caller; its own open file.
class CommitReader {
 public:
  struct FileTraits {
    std::uint64_t number = 0;
    std::optional<Lineage> lineage;  ///< empty: the header is damaged, any lineage is accepted
    std::uint32_t alignment = 0;
    std::uint64_t limit = 0;  ///< nothing at or after this position is looked at
  };
  struct Found {
    CommitState state = CommitState::blank;
    CommitHeader header;      ///< meaningful unless blank
    ByteView content;         ///< when whole; valid until the next call
    std::uint64_t next = 0;   ///< when whole: where the next commit begins
  };

  CommitReader(std::unique_ptr<File> file, const FileTraits& traits) : file_(std::move(file)), traits_(traits) {}

  /// Errors  unsupported: a whole commit of a newer program.
  Result<Found> read_at(std::uint64_t position);
  /// Position of the first whole commit at or after `from`.
  Result<std::optional<std::uint64_t>> find_whole(std::uint64_t from);
  /// Lets the reader see more of a file that is being written.
  void set_limit(std::uint64_t limit) { traits_.limit = limit; }
  [[nodiscard]] const FileTraits& traits() const { return traits_; }
  [[nodiscard]] std::uint64_t unreadable_bytes() const { return unreadable_bytes_; }

 private:
  ByteView view(std::uint64_t position, std::uint64_t bytes);
  std::size_t read_with_holes(std::uint64_t position, MutableBytes out);

  std::unique_ptr<File> file_;
  FileTraits traits_;
  Buffer window_;
  std::uint64_t window_at_ = 0;
  std::uint64_t window_bytes_ = 0;
  std::uint64_t unreadable_bytes_ = 0;
};

}  // namespace forebay::spool
