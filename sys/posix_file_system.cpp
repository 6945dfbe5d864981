#include "sys/posix_file_system.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "sys/posix_file.h"

namespace forebay {
namespace {

int flags_of(OpenMode mode) {
  switch (mode) {
    case OpenMode::read: return O_RDONLY;
    case OpenMode::read_write: return O_RDWR;
    case OpenMode::create_new: return O_RDWR | O_CREAT | O_EXCL;
    case OpenMode::open_always: return O_RDWR | O_CREAT;
  }
  FB_UNREACHABLE();
}

Error path_error(const std::string& path, std::string_view what) {
  if (errno == ELOOP) return Error{Errc::permission, path + ": is a symbolic link; name the file itself"};
  return errno_error(errno, path + ": " + std::string(what));
}

bool is_directory(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
}

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

}  // namespace

Result<std::unique_ptr<File>> PosixFileSystem::open(const std::string& path, OpenMode mode) {
  // Non-blocking only matters for a FIFO in the place of our file, which would hang the open.
  const int flags = flags_of(mode) | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  UniqueFd fd(::open(path.c_str(), flags, 0600));
  if (!fd.is_open()) return path_error(path, "open");
  struct stat facts {};
  if (::fstat(fd.get(), &facts) != 0) return path_error(path, "stat");
  if (!S_ISREG(facts.st_mode)) return Error{Errc::invalid_argument, path + ": not a regular file"};
  return std::unique_ptr<File>(std::make_unique<PosixFile>(std::move(fd), path));
}

Result<void> PosixFileSystem::rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return path_error(from, "rename to " + to);
  return {};
}

Result<void> PosixFileSystem::rename_new(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return {};
  // File systems without that call (NFS) have links, which never replace either.
  if (errno != EINVAL && errno != ENOSYS) return path_error(from, "rename to " + to);
  if (::link(from.c_str(), to.c_str()) != 0) return path_error(from, "link as " + to);
  return remove(from);
}

Result<void> PosixFileSystem::remove(const std::string& path) {
  if (::unlink(path.c_str()) != 0) return path_error(path, "remove");
  return {};
}

Result<void> PosixFileSystem::create_directories(const std::string& path) {
  if (is_directory(path)) return {};
  const std::string parent = parent_path(path);
  if (parent != path && parent != ".") FB_CHECK(create_directories(parent));
  if (::mkdir(path.c_str(), 0700) != 0 && !(errno == EEXIST && is_directory(path)))
    return path_error(path, "create folder");
  return {};
}

Result<void> PosixFileSystem::remove_directory(const std::string& path) {
  if (::rmdir(path.c_str()) != 0) return path_error(path, "remove folder");
  return {};
}

Result<void> PosixFileSystem::sync_directory(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.is_open()) return path_error(path, "open folder");
  if (::fsync(fd.get()) != 0) return Error{Errc::io, path_error(path, "sync folder").context};
  return {};
}

Result<std::vector<std::string>> PosixFileSystem::list(const std::string& path) {
  const std::unique_ptr<DIR, CloseDirectory> directory(::opendir(path.c_str()));
  if (directory == nullptr) return path_error(path, "list");
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(directory.get());
    if (entry == nullptr && errno != 0) return path_error(path, "list");
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::optional<FileInfo>> PosixFileSystem::stat(const std::string& path) {
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<FileInfo>();
    return path_error(path, "stat");
  }
  FileInfo info{static_cast<std::uint64_t>(facts.st_size), S_ISDIR(facts.st_mode)};
  info.modified =
      from_millis(static_cast<std::int64_t>(facts.st_mtim.tv_sec) * 1000 + facts.st_mtim.tv_nsec / 1'000'000);
  info.open_to_others = (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0;
  return std::optional(info);
}

Result<SpaceInfo> PosixFileSystem::space(const std::string& path) {
  struct statvfs facts {};
  if (::statvfs(path.c_str(), &facts) != 0) return path_error(path, "free space");
  const std::uint64_t unit = facts.f_frsize;
  return SpaceInfo{facts.f_bavail * unit, facts.f_blocks * unit};
}

}  // namespace forebay
