#include "sys/inotify_file_watcher.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace forebay {

namespace {

constexpr std::uint32_t kMask = IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF |
                                IN_MOVE_SELF | IN_ONLYDIR;

std::int64_t to_ns(const statx_timestamp& t) { return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec; }

FileKind kind_of(unsigned mode) {
  if (S_ISREG(mode)) return FileKind::regular;
  if (S_ISDIR(mode)) return FileKind::directory;
  return S_ISLNK(mode) ? FileKind::link : FileKind::other;
}

int statx_facts(int directory, const char* path, int flags, FileFacts& facts) {
  struct statx s {};
  if (::statx(directory, path, flags, STATX_BASIC_STATS | STATX_BTIME, &s) != 0) return errno;
  facts.kind = kind_of(s.stx_mode);
  facts.device = ::makedev(s.stx_dev_major, s.stx_dev_minor);
  facts.inode = s.stx_ino;
  facts.birth_ns = (s.stx_mask & STATX_BTIME) != 0 ? to_ns(s.stx_btime) : 0;
  facts.modified_ns = to_ns(s.stx_mtime);
  facts.size = s.stx_size;
  facts.links = s.stx_nlink;
  return 0;
}

class PosixHandle : public FollowedHandle {
 public:
  PosixHandle(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~PosixHandle() override { ::close(fd_); }
  PosixHandle(const PosixHandle&) = delete;
  PosixHandle& operator=(const PosixHandle&) = delete;

  Result<std::size_t> read_at(std::uint64_t position, MutableBytes out) override {
    std::size_t done = 0;
    while (done < out.size()) {
      const ssize_t n = ::pread(fd_, out.data() + done, out.size() - done, static_cast<off_t>(position + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return errno_error(errno, "read " + path_);
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    return done;
  }
  [[nodiscard]] Result<FileFacts> facts() const override {
    FileFacts facts;
    if (const int error = statx_facts(fd_, "", AT_EMPTY_PATH, facts); error != 0)
      return errno_error(error, "statx " + path_);
    return facts;
  }

 private:
  int fd_;
  std::string path_;
};

FileKind entry_kind(unsigned char type) {
  switch (type) {
    case DT_REG: return FileKind::regular;
    case DT_DIR: return FileKind::directory;
    case DT_LNK: return FileKind::link;
    default: return FileKind::other;
  }
}

}  // namespace

InotifyFileWatcher::InotifyFileWatcher() : fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {}

InotifyFileWatcher::~InotifyFileWatcher() {
  if (fd_ >= 0) ::close(fd_);
}

Result<std::unique_ptr<FollowedHandle>> InotifyFileWatcher::open(const std::string& path) {
  // Non-blocking: a fifo that took the file's place must not hang the event loop.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) return errno_error(errno, "open " + path);
  auto handle = std::make_unique<PosixHandle>(fd, path);
  FB_TRY(const FileFacts facts, handle->facts());
  if (facts.kind != FileKind::regular) return Error{Errc::invalid_argument, path + " is not a regular file"};
  return std::unique_ptr<FollowedHandle>(std::move(handle));
}

Result<std::optional<FileFacts>> InotifyFileWatcher::facts(const std::string& path) {
  FileFacts facts;
  const int error = statx_facts(AT_FDCWD, path.c_str(), 0, facts);
  if (error == ENOENT || error == ENOTDIR) return std::optional<FileFacts>();
  if (error != 0) return errno_error(error, "statx " + path);
  return std::optional<FileFacts>(facts);
}

Result<std::vector<DirectoryEntry>> InotifyFileWatcher::list(const std::string& folder) {
  DIR* directory = ::opendir(folder.c_str());
  if (directory == nullptr) return errno_error(errno, "list " + folder);
  std::vector<DirectoryEntry> entries;
  for (errno = 0; const dirent* entry = ::readdir(directory); errno = 0) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    FileKind kind = entry_kind(entry->d_type);
    FileFacts facts;
    if (entry->d_type == DT_UNKNOWN && statx_facts(::dirfd(directory), entry->d_name, AT_SYMLINK_NOFOLLOW, facts) == 0)
      kind = facts.kind;
    entries.push_back({std::string(name), entry->d_ino, kind});
  }
  const int error = errno;
  ::closedir(directory);
  if (error != 0) return errno_error(error, "list " + folder);
  return entries;
}

std::optional<std::string> InotifyFileWatcher::resolve(const std::string& path) {
  char* found = ::realpath(path.c_str(), nullptr);
  if (found == nullptr) return std::nullopt;
  std::string result(found);
  ::free(found);
  return result;
}

Result<void> InotifyFileWatcher::watch(const std::string& folder) {
  if (watches_.contains(folder)) return {};
  if (fd_ < 0) return Error{Errc::unavailable, "this system has no inotify left; files are polled"};
  const int watch = ::inotify_add_watch(fd_, folder.c_str(), kMask);
  if (watch < 0) {
    const int error = errno;
    return errno_error(error, "watch " + folder + (error == ENOSPC ? " (raise fs.inotify.max_user_watches)" : ""));
  }
  // The same folder under a second name (bind mount, link) shares the watch: its events carry the newer name.
  folders_[watch] = folder;
  watches_[folder] = watch;
  return {};
}

void InotifyFileWatcher::unwatch(const std::string& folder) {
  const auto found = watches_.find(folder);
  if (found == watches_.end()) return;
  ::inotify_rm_watch(fd_, found->second);
  folders_.erase(found->second);
  watches_.erase(found);
}

std::vector<FileEvent> InotifyFileWatcher::take_events() {
  std::vector<FileEvent> out;
  alignas(inotify_event) char raw[16 * 1024];
  while (fd_ >= 0) {
    const ssize_t n = ::read(fd_, raw, sizeof raw);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    for (ssize_t at = 0; at < n;) {
      inotify_event event;
      std::memcpy(&event, raw + at, sizeof event);
      const char* name = raw + at + sizeof event;
      translate(event.wd, event.mask, {name, event.len == 0 ? 0 : ::strnlen(name, event.len)}, out);
      at += static_cast<ssize_t>(sizeof event + event.len);
    }
  }
  return out;
}

void InotifyFileWatcher::translate(int watch, std::uint32_t mask, std::string_view name, std::vector<FileEvent>& out) {
  FileEvent event;
  if ((mask & IN_Q_OVERFLOW) != 0) {
    event.kind = FileEvent::Kind::overflow;
  } else {
    const auto folder = folders_.find(watch);
    if (folder == folders_.end()) return;
    event.folder = folder->second;
    event.name = name;
    event.kind = (mask & IN_MODIFY) != 0 ? FileEvent::Kind::modified : FileEvent::Kind::entries;
    if ((mask & (IN_IGNORED | IN_MOVE_SELF | IN_DELETE_SELF)) != 0) {
      // The watch follows the inode, not the name: look for whatever has the name now.
      if ((mask & IN_IGNORED) == 0) ::inotify_rm_watch(fd_, watch);
      watches_.erase(folder->second);
      folders_.erase(folder);
    }
  }
  const bool repeat = !out.empty() && out.back().kind == event.kind && out.back().folder == event.folder &&
                      (event.kind != FileEvent::Kind::modified || out.back().name == event.name);
  if (!repeat) out.push_back(std::move(event));
}

}  // namespace forebay
