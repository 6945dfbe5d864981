#include "cli/interrupts.h"

#include <pthread.h>
#include <unistd.h>

namespace forebay::cli {
namespace {

constexpr int kEnd = SIGUSR1;  // sent by the destructor to its own thread
constexpr int kInterrupted = 130;

}  // namespace

Interrupts::Interrupts(std::function<void()> on_first) : on_first_(std::move(on_first)) {
  sigemptyset(&signals_);
  for (const int signal : {SIGINT, SIGTERM, kEnd}) sigaddset(&signals_, signal);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  // A closed pipe behind standard output is seen as a failed write.
  std::signal(SIGPIPE, SIG_IGN);
  thread_ = std::thread([this] { wait(); });
}

Interrupts::~Interrupts() {
  pthread_kill(thread_.native_handle(), kEnd);
  thread_.join();
}

void Interrupts::wait() {
  int seen = 0;
  int signal = 0;
  while (sigwait(&signals_, &signal) == 0 && signal != kEnd) {
    if (++seen > 1) ::_exit(kInterrupted);
    on_first_();
  }
}

}  // namespace forebay::cli
