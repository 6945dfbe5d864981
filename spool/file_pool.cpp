#include "spool/file_pool.h"

#include <algorithm>

#include "base/planted_bug.h"
#include "spool/format.h"
#include "spool/journal_names.h"

namespace forebay::spool {

constexpr std::uint64_t kZeroPiece = 1_MiB;

Result<void> FilePool::load() {
  FB_TRY(const auto ids, list_spare_files(files_, path_));
  for (const std::uint64_t id : ids) {
    const std::string spare = join_path(path_, spare_file_name(id));
    next_spare_ = std::max(next_spare_, id + 1);
    FB_TRY(const auto info, files_.stat(spare));
    const bool usable = options_.zero_and_recycle && info && info->size == options_.file_bytes &&
                        spares_.size() < std::max<std::size_t>(options_.recycled_files_max, 1);
    if (usable) {
      spares_.push_back(spare);
    } else {
      FB_CHECK(files_.remove(spare));
    }
  }
  return {};
}

std::uint64_t FilePool::spare_bytes() const {
  std::lock_guard lock(mutex_);
  return spares_.size() * options_.file_bytes;
}

std::string FilePool::next_spare_path() {
  std::lock_guard lock(mutex_);
  return join_path(path_, spare_file_name(next_spare_++));
}

std::string FilePool::pop_spare() {
  std::lock_guard lock(mutex_);
  if (spares_.empty()) return {};
  std::string spare = std::move(spares_.back());
  spares_.pop_back();
  return spare;
}

Result<void> FilePool::fill(File& file, std::uint64_t bytes) {
  if (!options_.zero_and_recycle) return file.allocate(bytes);
  const Buffer zeros(std::min(kZeroPiece, options_.file_bytes));
  for (std::uint64_t at = 0; at < options_.file_bytes; at += zeros.size()) {
    FB_CHECK(file.write_at(at, ByteView(zeros).first(std::min<std::uint64_t>(zeros.size(), options_.file_bytes - at))));
  }
  return file.sync_data();
}

Result<std::string> FilePool::reserve(std::uint64_t bytes) {
  const std::string path = next_spare_path();
  FB_TRY(auto file, files_.open(path, OpenMode::create_new));
  auto filled = fill(*file, bytes);
  if (filled) return path;
  if (filled.error().code == Errc::no_space) {
    file.reset();
    FB_CHECK(files_.remove(path));
  }
  return std::move(filled).error();
}

Result<void> FilePool::prepare() {
  {
    std::lock_guard lock(mutex_);
    if (!options_.zero_and_recycle || !spares_.empty()) return {};
  }
  FB_TRY(std::string path, reserve(options_.file_bytes));
  std::lock_guard lock(mutex_);
  spares_.push_back(std::move(path));
  return {};
}

Result<std::unique_ptr<File>> FilePool::take(const FileHeader& header) {
  std::string spare = pop_spare();
  if (spare.empty()) {
    FB_TRY(spare, reserve(header.file_bytes));
  }
  auto file = name_spare(spare, header);
  if (file) return file;
  if (file.error().code == Errc::no_space) {
    std::lock_guard lock(mutex_);
    spares_.push_back(std::move(spare));
  }
  return file;
}

Result<std::unique_ptr<File>> FilePool::name_spare(const std::string& spare, const FileHeader& header) {
  FB_TRY(auto file, files_.open(spare, OpenMode::read_write));
  FB_CHECK(file->write_at(0, encode_file_header(header)));
  FB_CHECK(file->sync_data());
  FB_CHECK(files_.rename(spare, join_path(path_, journal_file_name(header.file))));
  if (!FB_PLANTED_BUG("journal.no_directory_sync")) FB_CHECK(files_.sync_directory(path_));
  return file;
}

Result<void> FilePool::put(const std::string& path, std::uint64_t bytes) {
  const bool recycle = options_.zero_and_recycle && bytes == options_.file_bytes && [this] {
    std::lock_guard lock(mutex_);
    return spares_.size() < options_.recycled_files_max;
  }();
  if (!recycle) return files_.remove(path);
  const std::string spare = next_spare_path();
  FB_CHECK(files_.rename(path, spare));
  std::lock_guard lock(mutex_);
  spares_.push_back(spare);
  return {};
}

}  // namespace forebay::spool
