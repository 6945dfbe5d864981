#include "cli/stdio_console.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/assert.h"

namespace forebay::cli {

StdioConsole::StdioConsole() : wake_(::eventfd(0, EFD_CLOEXEC)) { FB_ASSERT(wake_ >= 0); }

StdioConsole::~StdioConsole() { ::close(wake_); }

void StdioConsole::out(std::string_view text) {
  if (!out_open_) return;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) out_open_ = false;
}

void StdioConsole::err(std::string_view text) {
  flush();
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void StdioConsole::flush() {
  if (out_open_ && std::fflush(stdout) != 0) out_open_ = false;
}

Result<std::size_t> StdioConsole::in(MutableBytes out) {
  while (true) {
    pollfd waits[2] = {{STDIN_FILENO, POLLIN, 0}, {wake_, POLLIN, 0}};
    if (::poll(waits, 2, -1) < 0 && errno != EINTR) return errno_error(errno, "wait for standard input");
    if (waits[1].revents != 0) return Error{Errc::cancelled, "stopped by the user"};
    if (waits[0].revents == 0) continue;
    const ssize_t got = ::read(STDIN_FILENO, out.data(), out.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR && errno != EAGAIN) return errno_error(errno, "read standard input");
  }
}

bool StdioConsole::out_is_terminal() const { return ::isatty(STDOUT_FILENO) == 1; }
bool StdioConsole::err_is_terminal() const { return ::isatty(STDERR_FILENO) == 1; }
bool StdioConsole::in_is_terminal() const { return ::isatty(STDIN_FILENO) == 1; }

bool StdioConsole::pause(Milliseconds length) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, length, [this] { return interrupted_; });
  return !interrupted_;
}

bool StdioConsole::interrupted() const {
  const std::lock_guard lock(mutex_);
  return interrupted_;
}

void StdioConsole::interrupt() {
  {
    const std::lock_guard lock(mutex_);
    interrupted_ = true;
  }
  changed_.notify_all();
  const std::uint64_t one = 1;
  // The counter of an eventfd takes this without waiting; nothing is lost when it is already set.
  if (::write(wake_, &one, sizeof one) < 0) return;
}

}  // namespace forebay::cli
