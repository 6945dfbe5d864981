#pragma once

#include <string>

#include "base/file_system.h"
#include "sys/unique_fd.h"

namespace forebay {

/// A regular file behind a descriptor. After a failed sync every later write and sync is refused with io.
class PosixFile final : public File {
 public:
  /// `path` is for error texts only.
  PosixFile(UniqueFd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  Result<std::size_t> read_at(std::uint64_t position, MutableBytes out) override;
  Result<void> write_at(std::uint64_t position, std::span<const ByteView> parts) override;
  Result<void> sync_data() override;
  Result<void> allocate(std::uint64_t size) override;
  Result<void> truncate(std::uint64_t size) override;
  Result<std::uint64_t> size() override;
  Result<void> drop_cache() override;
  Result<void> lock() override;
  Result<void> close() override;
  using File::write_at;

 private:
  Error failure(std::string_view what) const;
  Result<void> usable() const;
  Result<void> write_zeros(std::uint64_t from, std::uint64_t to);

  UniqueFd fd_;
  std::string path_;
  bool sync_failed_ = false;
};

}  // namespace forebay
