#pragma once

#include <functional>
#include <thread>

#include "sys/unique_fd.h"

namespace forebay {

enum class ProcessSignal : std::uint8_t {
  stop,    ///< SIGTERM or SIGINT
  reload,  ///< SIGHUP
};

/// Turns signals into calls of one function on a thread of its own, which otherwise sleeps. Make it first in main():
/// threads started later inherit that the signals are blocked. SIGPIPE is ignored for the process.
/// A second SIGTERM or SIGINT is delivered too, so that a program can choose to stop at once.
class Signals {
 public:
  explicit Signals(std::function<void(ProcessSignal)> on_signal);
  /// Waits for a running call to end.
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  void listen();

  std::function<void(ProcessSignal)> on_signal_;
  UniqueFd signals_;
  UniqueFd end_;
  std::thread thread_;
};

}  // namespace forebay
