#pragma once

#include <string>

#include "base/file_system.h"
#include "cli/bucket.h"

namespace forebay::cli {

/// A folder as the gateway's directory sink fills it: keys are paths below it; its folder of unfinished files does not
/// count.
class DirectoryBucket final : public Bucket {
 public:
  DirectoryBucket(FileSystem& files, std::string folder) : files_(files), folder_(std::move(folder)) {}

  Result<void> list(const std::string& prefix, const Each& each) override;
  Result<std::optional<Buffer>> get(const std::string& key, std::uint64_t bytes_max) override;
  Result<std::optional<std::uint64_t>> size(const std::string& key) override;

 private:
  Result<void> list_folder(const std::string& key_so_far, const std::string& prefix, const Each& each, int depth);
  [[nodiscard]] Result<std::string> path_of(const std::string& key) const;

  FileSystem& files_;
  std::string folder_;
};

}  // namespace forebay::cli
