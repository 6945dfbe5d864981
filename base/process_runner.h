#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/units.h"

namespace forebay {

struct ProcessRequest {
  std::vector<std::string> command;      ///< path of the program, then its arguments; no shell, no search in PATH
  std::vector<std::string> environment;  ///< NAME=value; all the program gets
  ByteView input;                        ///< on standard input, then closed; borrowed until run() returns
  Milliseconds timeout{60'000};
  std::size_t output_bytes_max = 1 << 20;
};

struct ProcessResult {
  int exit_code = 0;      ///< -1 when a signal ended it
  int signal = 0;         ///< that signal; 0: none
  Buffer output;          ///< standard output
  std::string complaint;  ///< the end of standard error, at most 1 KiB
};

/// Runs one program at a time, in a process group of its own that is killed whole when the program has ended, took too
/// long or wrote too much. Of our open files it gets none.
/// Threads  run() from one thread; cancel() from any.
class ProcessRunner {
 public:
  virtual ~ProcessRunner() = default;
  /// Success  the program ran and ended, whatever its exit code. It need not have read its input.
  /// Errors   unavailable: it could not be started; timed_out; too_large: more output than allowed; cancelled.
  virtual Result<ProcessResult> run(const ProcessRequest& request) = 0;
  /// Makes the running and every later run() end with cancelled.
  virtual void cancel() = 0;
};

}  // namespace forebay
