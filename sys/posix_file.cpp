#include "sys/posix_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace forebay {
namespace {

constexpr std::size_t kPartsPerCall = 64;  // well below IOV_MAX; a commit has a handful

/// What is left to write of a list of parts, as the system wants it.
class PartQueue {
 public:
  explicit PartQueue(std::span<const ByteView> parts) : parts_(parts) { skip_empty(); }

  [[nodiscard]] bool empty() const { return parts_.empty(); }
  std::span<const iovec> window() {
    const std::size_t count = std::min(parts_.size(), vectors_.size());
    for (std::size_t i = 0; i < count; ++i) {
      const ByteView part = i == 0 ? parts_[0].subspan(taken_) : parts_[i];
      vectors_[i] = {const_cast<std::uint8_t*>(part.data()), part.size()};
    }
    return {vectors_.data(), count};
  }
  void advance(std::size_t bytes) {
    while (bytes > 0) {
      const std::size_t step = std::min(bytes, parts_[0].size() - taken_);
      taken_ += step;
      bytes -= step;
      skip_empty();
    }
  }

 private:
  void skip_empty() {
    while (!parts_.empty() && taken_ == parts_[0].size()) {
      parts_ = parts_.subspan(1);
      taken_ = 0;
    }
  }

  std::span<const ByteView> parts_;
  std::size_t taken_ = 0;  ///< of the first part
  std::array<iovec, kPartsPerCall> vectors_{};
};

}  // namespace

Error PosixFile::failure(std::string_view what) const { return errno_error(errno, path_ + ": " + std::string(what)); }

Result<void> PosixFile::usable() const {
  if (sync_failed_)
    return Error{Errc::io, path_ + ": an earlier sync failed, so its content is unknown; restart to recover it"};
  return {};
}

Result<std::size_t> PosixFile::read_at(std::uint64_t position, MutableBytes out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t got = ::pread(fd_.get(), out.data() + done, out.size() - done, static_cast<off_t>(position + done));
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure("read");
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<void> PosixFile::write_at(std::uint64_t position, std::span<const ByteView> parts) {
  FB_CHECK(usable());
  PartQueue queue(parts);
  while (!queue.empty()) {
    const std::span<const iovec> window = queue.window();
    const ssize_t put =
        ::pwritev(fd_.get(), window.data(), static_cast<int>(window.size()), static_cast<off_t>(position));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failure("write");
    if (put == 0) return Error{Errc::io, path_ + ": write: the system took nothing"};
    position += static_cast<std::uint64_t>(put);
    queue.advance(static_cast<std::size_t>(put));
  }
  return {};
}

Result<void> PosixFile::sync_data() {
  FB_CHECK(usable());
  if (::fdatasync(fd_.get()) == 0) return {};
  // Also an interruption: the kernel may have dropped the dirty mark already, so a second call would prove nothing.
  sync_failed_ = true;
  return Error{Errc::io, failure("sync").context};
}

Result<void> PosixFile::allocate(std::uint64_t size) {
  FB_CHECK(usable());
  int result = 0;
  do result = ::fallocate(fd_.get(), 0, 0, static_cast<off_t>(size));
  while (result != 0 && errno == EINTR);
  if (result == 0) return {};
  if (errno != EOPNOTSUPP && errno != ENOSYS) return failure("reserve space");
  FB_TRY(const std::uint64_t now, this->size());
  return write_zeros(now, size);
}

Result<void> PosixFile::write_zeros(std::uint64_t from, std::uint64_t to) {
  static constexpr std::array<std::uint8_t, 64 << 10> kZeros{};
  while (from < to) {
    const std::size_t step = static_cast<std::size_t>(std::min<std::uint64_t>(kZeros.size(), to - from));
    FB_CHECK(write_at(from, ByteView(kZeros.data(), step)));
    from += step;
  }
  return {};
}

Result<void> PosixFile::truncate(std::uint64_t size) {
  FB_CHECK(usable());
  while (::ftruncate(fd_.get(), static_cast<off_t>(size)) != 0)
    if (errno != EINTR) return failure("truncate");
  return {};
}

Result<std::uint64_t> PosixFile::size() {
  struct stat facts {};
  if (::fstat(fd_.get(), &facts) != 0) return failure("stat");
  return static_cast<std::uint64_t>(facts.st_size);
}

Result<void> PosixFile::drop_cache() {
  if (const int error = ::posix_fadvise(fd_.get(), 0, 0, POSIX_FADV_DONTNEED); error != 0)
    return errno_error(error, path_ + ": drop cache");
  return {};
}

Result<void> PosixFile::lock() {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  // The lock belongs to this open file, so a second open in the same process conflicts too.
  if (::fcntl(fd_.get(), F_OFD_SETLK, &whole) == 0) return {};
  if (errno == EAGAIN || errno == EACCES)
    return Error{Errc::conflict, path_ + ": another process uses it; stop that one first"};
  return failure("lock");
}

Result<void> PosixFile::close() {
  const int fd = fd_.release();
  if (fd < 0) return {};
  // Linux frees the descriptor even when interrupted.
  if (::close(fd) != 0 && errno != EINTR) return Error{Errc::io, failure("close").context};
  return {};
}

}  // namespace forebay
