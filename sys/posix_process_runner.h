#pragma once

#include <atomic>

#include "base/process_runner.h"
#include "sys/unique_fd.h"

namespace forebay {

/// ProcessRunner on posix_spawn, pipes and a process descriptor (Linux 5.3).
class PosixProcessRunner final : public ProcessRunner {
 public:
  PosixProcessRunner();

  Result<ProcessResult> run(const ProcessRequest& request) override;
  void cancel() override;

 private:
  UniqueFd wake_;  ///< readable once cancelled
};

}  // namespace forebay
