#include "sys/posix_process_runner.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

// glibc 2.36 forgets to say that this is C.
extern "C" {
#include <sys/pidfd.h>
}

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

namespace forebay {
namespace {

constexpr std::size_t kComplaintBytesMax = 1024;
constexpr int kFirstForeignFd = 3;

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return errno_error(errno, "pipe of a program");
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

void do_not_block(const UniqueFd& fd) { ::fcntl(fd.get(), F_SETFL, O_NONBLOCK); }

/// While it lives, a write to a program that no longer reads fails instead of killing the process.
class PipeSignalBlock {
 public:
  PipeSignalBlock() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~PipeSignalBlock() {
    const timespec at_once{};
    if (sigismember(&before_, SIGPIPE) == 0) ::sigtimedwait(&pipe_, nullptr, &at_once);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  PipeSignalBlock(const PipeSignalBlock&) = delete;
  PipeSignalBlock& operator=(const PipeSignalBlock&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
};

/// Settings of a new process: its own group, no signal blocked or ignored, only the three pipes open.
class SpawnSettings {
 public:
  SpawnSettings(int in, int out, int err) {
    ::posix_spawn_file_actions_init(&files_);
    ::posix_spawn_file_actions_adddup2(&files_, in, 0);
    ::posix_spawn_file_actions_adddup2(&files_, out, 1);
    ::posix_spawn_file_actions_adddup2(&files_, err, 2);
    ::posix_spawn_file_actions_addclosefrom_np(&files_, kFirstForeignFd);
    ::posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&files_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str()));  // exec does not write to it
  out.push_back(nullptr);
  return out;
}

/// One started program; destroying it kills the whole group.
class RunningProgram {
 public:
  explicit RunningProgram(const ProcessRequest& request) : request_(request) {}
  ~RunningProgram() {
    if (pid_ > 0) reap();
  }
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;

  Result<void> start() {
    FB_TRY(Pipe in, make_pipe());
    FB_TRY(Pipe out, make_pipe());
    FB_TRY(Pipe err, make_pipe());
    const SpawnSettings settings(in.read.get(), out.write.get(), err.write.get());
    const int failed = ::posix_spawn(&pid_, request_.command.at(0).c_str(), &settings.files_, &settings.attributes_,
                                     pointers(request_.command).data(), pointers(request_.environment).data());
    if (failed != 0) {
      pid_ = 0;
      return Error{Errc::unavailable, request_.command[0] + " cannot be started: " + std::strerror(failed)};
    }
    process_ = UniqueFd(::pidfd_open(pid_, 0));
    if (!process_.is_open()) return errno_error(errno, "process descriptor");
    in_ = std::move(in.write);
    out_ = std::move(out.read);
    err_ = std::move(err.read);
    for (const UniqueFd* fd : {&in_, &out_, &err_}) do_not_block(*fd);
    if (request_.input.empty()) in_ = UniqueFd();
    return {};
  }

  Result<ProcessResult> wait(int wake) {
    const auto deadline = std::chrono::steady_clock::now() + request_.timeout;
    for (;;) {
      const auto left = std::chrono::ceil<Milliseconds>(deadline - std::chrono::steady_clock::now());
      if (left.count() <= 0) return Error{Errc::timed_out, request_.command[0] + " was killed: it took too long"};
      // poll() leaves out what is negative: closed pipes.
      pollfd waits[] = {{process_.get(), POLLIN, 0},
                        {wake, POLLIN, 0},
                        {in_.get(), POLLOUT, 0},
                        {out_.get(), POLLIN, 0},
                        {err_.get(), POLLIN, 0}};
      const int timeout = static_cast<int>(std::min<std::int64_t>(left.count(), 1'000'000));
      if (::poll(waits, std::size(waits), timeout) < 0 && errno != EINTR) return errno_error(errno, "poll");
      if (waits[1].revents != 0) return Error{Errc::cancelled, request_.command[0] + " was killed: stopped"};
      if (waits[2].revents != 0) feed();
      FB_CHECK(drain());
      if (waits[0].revents != 0) return end();
    }
  }

 private:
  void feed() {
    const ByteView left = request_.input.subspan(written_);
    const ssize_t size = ::write(in_.get(), left.data(), left.size());
    if (size > 0) written_ += static_cast<std::size_t>(size);
    const bool refused = size < 0 && errno != EAGAIN && errno != EINTR;
    if (refused || written_ == request_.input.size()) in_ = UniqueFd();
  }

  /// Takes what lies in the pipes.
  Result<void> drain() {
    std::array<char, 16384> bytes;
    while (const std::size_t size = read_some(out_, bytes)) {
      if (size > request_.output_bytes_max - result_.output.size())
        return Error{Errc::too_large, request_.command[0] + " was killed: it wrote more than " +
                                          std::to_string(request_.output_bytes_max) + " bytes"};
      append(result_.output, as_bytes({bytes.data(), size}));
    }
    while (const std::size_t size = read_some(err_, bytes)) {
      result_.complaint.append(bytes.data(), size);
      if (result_.complaint.size() > kComplaintBytesMax)
        result_.complaint.erase(0, result_.complaint.size() - kComplaintBytesMax);
    }
    return {};
  }

  static std::size_t read_some(UniqueFd& fd, std::span<char> into) {
    if (!fd.is_open()) return 0;
    const ssize_t size = ::read(fd.get(), into.data(), into.size());
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) fd = UniqueFd();
    return size > 0 ? static_cast<std::size_t>(size) : 0;
  }

  Result<ProcessResult> end() {
    const int status = reap();
    FB_CHECK(drain());
    result_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    result_.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return std::move(result_);
  }

  /// The group is killed before its leader is reaped: afterwards the number could be somebody else's.
  int reap() {
    int status = 0;
    ::kill(-pid_, SIGKILL);
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return status;
  }

  const ProcessRequest& request_;
  pid_t pid_ = 0;
  UniqueFd process_;
  UniqueFd in_;
  UniqueFd out_;
  UniqueFd err_;
  std::size_t written_ = 0;
  ProcessResult result_;
};

}  // namespace

PosixProcessRunner::PosixProcessRunner() : wake_(::eventfd(0, EFD_CLOEXEC)) { FB_ASSERT(wake_.is_open()); }

Result<ProcessResult> PosixProcessRunner::run(const ProcessRequest& request) {
  const PipeSignalBlock no_pipe_signal;
  FB_ASSERT(!request.command.empty());
  pollfd cancelled{wake_.get(), POLLIN, 0};
  if (::poll(&cancelled, 1, 0) == 1) return Error{Errc::cancelled, request.command[0] + " was not started: stopped"};
  RunningProgram program(request);
  FB_CHECK(program.start());
  return program.wait(wake_.get());
}

void PosixProcessRunner::cancel() {
  const std::uint64_t one = 1;
  FB_ASSERT(::write(wake_.get(), &one, sizeof(one)) == sizeof(one));
}

}  // namespace forebay
