#pragma once

#include <csignal>
#include <functional>
#include <thread>

namespace forebay::cli {

/// Turns Ctrl-C and SIGTERM into a call: the first one runs `on_first` on a thread of its own, so that it may do what a
/// signal handler may not; the second ends the process with 130 at once.
/// Lifecycle  made before any other thread, which then inherit the blocked signals; the destructor joins.
class Interrupts {
 public:
  explicit Interrupts(std::function<void()> on_first);
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

 private:
  void wait();

  std::function<void()> on_first_;
  sigset_t signals_{};
  std::thread thread_;
};

}  // namespace forebay::cli
