#include "base/file_system.h"

namespace forebay {

Result<void> FileSystem::rename_new(const std::string& from, const std::string&) {
  return Error{Errc::unsupported, from + ": this file system cannot rename without replacing"};
}

std::string join_path(std::string_view folder, std::string_view name) {
  std::string path(folder);
  if (!path.empty() && path.back() != '/') path += '/';
  path += name;
  return path;
}

std::string parent_path(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  if (slash == 0) return "/";
  return std::string(path.substr(0, slash));
}

Result<Buffer> read_file(FileSystem& files, const std::string& path, std::uint64_t size_max) {
  FB_TRY(auto file, files.open(path, OpenMode::read));
  FB_TRY(const std::uint64_t size, file->size());
  if (size > size_max) return Error{Errc::too_large, path + ": larger than expected"};
  Buffer bytes(size);
  FB_TRY(const std::size_t read, file->read_at(0, bytes));
  bytes.resize(read);
  return bytes;
}

Result<void> replace_file(FileSystem& files, const std::string& path, ByteView bytes) {
  const std::string temporary = path + ".new";
  FB_TRY(auto file, files.open(temporary, OpenMode::open_always));
  FB_CHECK(file->truncate(0));
  FB_CHECK(file->write_at(0, bytes));
  FB_CHECK(file->sync_data());
  FB_CHECK(file->close());
  FB_CHECK(files.rename(temporary, path));
  return files.sync_directory(parent_path(path));
}

}  // namespace forebay
