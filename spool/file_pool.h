#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "spool/file_header.h"
#include "spool/journal.h"

namespace forebay::spool {

/// Makes files ready for commits: reserved (zeroed or allocated), header written and synced, then named and the
/// directory synced; so a file with a journal's name always began with a whole header.
/// Threads  prepare() may run beside everything else.
class FilePool {
 public:
  FilePool(FileSystem& files, std::string path, const JournalOptions& options)
      : files_(files), path_(std::move(path)), options_(options) {}

  /// Finds the spares of earlier runs and removes what is of no use.
  Result<void> load();
  /// Makes a spare when there is none (zeroing form only). Errors  no_space: as if nothing happened; io.
  Result<void> prepare();
  /// A new journal file, durable under its name. Errors  no_space: as if nothing happened; io.
  Result<std::unique_ptr<File>> take(const FileHeader& header);
  /// Turns a journal file that is no longer needed into a spare, or removes it. The caller syncs the directory.
  Result<void> put(const std::string& path, std::uint64_t bytes);

  [[nodiscard]] std::uint64_t spare_bytes() const;

 private:
  Result<std::string> reserve(std::uint64_t bytes);
  Result<void> fill(File& file, std::uint64_t bytes);
  Result<std::unique_ptr<File>> name_spare(const std::string& spare, const FileHeader& header);
  std::string next_spare_path();
  std::string pop_spare();

  FileSystem& files_;
  std::string path_;
  JournalOptions options_;
  mutable std::mutex mutex_;
  std::vector<std::string> spares_;
  std::uint64_t next_spare_ = 1;
};

}  // namespace forebay::spool
