#pragma once

#include "base/file_system.h"

namespace forebay {

/// The machine's files. Files are opened close-on-exec, regular files only. Threads  any.
class PosixFileSystem final : public FileSystem {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> rename_new(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& path) override;
  Result<void> create_directories(const std::string& path) override;
  Result<void> remove_directory(const std::string& path) override;
  Result<void> sync_directory(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& path) override;
  Result<std::optional<FileInfo>> stat(const std::string& path) override;
  Result<SpaceInfo> space(const std::string& path) override;
};

}  // namespace forebay
