#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace forebay {

enum class FileKind : std::uint8_t { regular, directory, link, other };

/// What the system says of one file. Times are nanoseconds since 1970, 0 when the file system does not keep them.
struct FileFacts {
  FileKind kind = FileKind::other;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t birth_ns = 0;
  std::int64_t modified_ns = 0;
  std::uint64_t size = 0;
  std::uint64_t links = 0;  ///< 0: no name is left
};

struct DirectoryEntry {
  std::string name;
  std::uint64_t inode = 0;
  FileKind kind = FileKind::other;
};

/// Something happened in a watched folder.
struct FileEvent {
  enum class Kind : std::uint8_t {
    modified,  ///< `name` was written or truncated
    entries,   ///< names appeared, went or changed: list the folder again
    overflow,  ///< events were lost: look at everything again
  };
  Kind kind = Kind::entries;
  std::string folder;
  std::string name;
};

/// A file that belongs to somebody else, open for reading. Survives renames and removal.
class FollowedHandle {
 public:
  virtual ~FollowedHandle() = default;
  /// Reads up to out.size() bytes; fewer only at the present end.
  virtual Result<std::size_t> read_at(std::uint64_t position, MutableBytes out) = 0;
  [[nodiscard]] virtual Result<FileFacts> facts() const = 0;
};

/// The door to files of others: logs, /proc, /sys. Looks, reads, and tells of changes; never writes. Links are followed.
/// Threads  one at a time.
class FileWatcher {
 public:
  virtual ~FileWatcher() = default;

  /// Opens a regular file. Errors  not_found, permission; invalid_argument: not a regular file.
  virtual Result<std::unique_ptr<FollowedHandle>> open(const std::string& path) = 0;
  /// Empty when nothing is there.
  virtual Result<std::optional<FileFacts>> facts(const std::string& path) = 0;
  /// Names in the folder without "." and "..", in no order.
  virtual Result<std::vector<DirectoryEntry>> list(const std::string& folder) = 0;
  /// The absolute path without links. Empty when nothing is there.
  virtual std::optional<std::string> resolve(const std::string& path) = 0;

  /// Begins to report changes in a folder and of the files in it; again for the same folder does nothing.
  /// Errors  no_space or unavailable: the system has no watches left or none at all: poll instead.
  virtual Result<void> watch(const std::string& folder) = 0;
  virtual void unwatch(const std::string& folder) = 0;
  /// Becomes readable when events wait; -1: none ever will.
  [[nodiscard]] virtual int descriptor() const = 0;
  /// Events that wait, without blocking. Equal neighbours are folded.
  virtual std::vector<FileEvent> take_events() = 0;
};

}  // namespace forebay
