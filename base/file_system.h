#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/units.h"

namespace forebay {

/// An open regular file. Destroying it closes it without syncing.
/// Threads  one caller at a time; read_at() may run beside others.
class File {
 public:
  virtual ~File() = default;

  /// Reads up to out.size() bytes; fewer only at the end of the file.
  virtual Result<std::size_t> read_at(std::uint64_t position, MutableBytes out) = 0;
  /// Writes all parts in order from `position`, with one system call where the system allows.
  /// Success  means given to the system, not durable. After an error any part of it may have been written.
  virtual Result<void> write_at(std::uint64_t position, std::span<const ByteView> parts) = 0;
  /// Makes bytes and size durable (fdatasync). Errors  io: the file must not be written again, nor the call retried.
  virtual Result<void> sync_data() = 0;
  /// Reserves space and sets the size to at least `size` bytes (fallocate); new bytes read as zero.
  virtual Result<void> allocate(std::uint64_t size) = 0;
  virtual Result<void> truncate(std::uint64_t size) = 0;
  virtual Result<std::uint64_t> size() = 0;
  /// Drops clean cached pages, so that the next read comes from the device.
  virtual Result<void> drop_cache() = 0;
  /// Takes an exclusive lock on the whole file for the life of this object. Errors  conflict: another process has it.
  virtual Result<void> lock() = 0;
  virtual Result<void> close() = 0;

  Result<void> write_at(std::uint64_t position, ByteView bytes) {
    return write_at(position, std::span<const ByteView>(&bytes, 1));
  }
};

enum class OpenMode : std::uint8_t {
  read,          ///< must exist
  read_write,    ///< must exist
  create_new,    ///< must not exist; read and write; mode 0600
  open_always,   ///< created when missing; read and write; mode 0600
};

struct FileInfo {
  std::uint64_t size = 0;
  bool is_directory = false;
  WallTime modified{};          ///< by the system's clock; 1970 where the file system keeps no times
  bool open_to_others = false;  ///< group or others may read, write or execute it
};

struct SpaceInfo {
  std::uint64_t free_bytes = 0;  ///< available to this user
  std::uint64_t total_bytes = 0;
};

/// The one door to files and directories that hold our data (docs/decisions/0001). Paths are ordinary; links in the
/// last part are not followed.
/// Threads  any.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) = 0;
  /// Replaces `to` when it exists. Durable only after sync_directory() of the folder.
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  /// The same, but never replaces: for names that two may want. Errors  already_exists; unsupported: this file system
  /// cannot.
  virtual Result<void> rename_new(const std::string& from, const std::string& to);
  virtual Result<void> remove(const std::string& path) = 0;
  /// Creates a folder, mode 0700, with missing parents; success when it exists already.
  virtual Result<void> create_directories(const std::string& path) = 0;
  virtual Result<void> remove_directory(const std::string& path) = 0;
  /// Makes creations, renames and removals inside the folder durable.
  virtual Result<void> sync_directory(const std::string& path) = 0;
  /// Names in the folder, sorted, without "." and "..".
  virtual Result<std::vector<std::string>> list(const std::string& path) = 0;
  /// Empty when nothing is there.
  virtual Result<std::optional<FileInfo>> stat(const std::string& path) = 0;
  virtual Result<SpaceInfo> space(const std::string& path) = 0;
};

/// Reads a whole small file. Errors  too_large when it exceeds `size_max`.
Result<Buffer> read_file(FileSystem& files, const std::string& path, std::uint64_t size_max);
/// Replaces a file so that after any crash it holds the old or the new bytes: temporary file, sync, rename, directory sync.
Result<void> replace_file(FileSystem& files, const std::string& path, ByteView bytes);
/// "a/b" from "a" and "b"; parent folder of a path ("." when it has none).
std::string join_path(std::string_view folder, std::string_view name);
std::string parent_path(std::string_view path);

}  // namespace forebay
