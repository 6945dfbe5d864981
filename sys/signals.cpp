#include "sys/signals.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include <cerrno>
#include <csignal>

#include "base/assert.h"

namespace forebay {

Signals::Signals(std::function<void(ProcessSignal)> on_signal) : on_signal_(std::move(on_signal)) {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t wanted;
  sigemptyset(&wanted);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&wanted, signal);
  FB_ASSERT(::pthread_sigmask(SIG_BLOCK, &wanted, nullptr) == 0);
  signals_ = UniqueFd(::signalfd(-1, &wanted, SFD_CLOEXEC));
  end_ = UniqueFd(::eventfd(0, EFD_CLOEXEC));
  FB_ASSERT(signals_.is_open() && end_.is_open());
  thread_ = std::thread([this] { listen(); });
}

Signals::~Signals() {
  const std::uint64_t one = 1;
  FB_ASSERT(::write(end_.get(), &one, sizeof(one)) == sizeof(one));
  thread_.join();
}

void Signals::listen() {
  pollfd waits[] = {{signals_.get(), POLLIN, 0}, {end_.get(), POLLIN, 0}};
  for (;;) {
    if (::poll(waits, 2, -1) < 0) {
      FB_ASSERT(errno == EINTR);
      continue;
    }
    if (waits[1].revents != 0) return;
    signalfd_siginfo info{};
    if (::read(signals_.get(), &info, sizeof(info)) != sizeof(info)) continue;
    on_signal_(info.ssi_signo == SIGHUP ? ProcessSignal::reload : ProcessSignal::stop);
  }
}

}  // namespace forebay
