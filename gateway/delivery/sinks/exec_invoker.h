#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/process_runner.h"
#include "gateway/delivery/record.h"
#include "gateway/delivery/sinks/function_invoker.h"

namespace forebay::gateway::delivery {

/// A function that is a program: the event on standard input, the answer on standard output. Exit code 0 is an answer;
/// another one, a signal, too much time or output is an error of the function, with the end of standard error. It finds
/// FOREBAY_DELIVERY, FOREBAY_STREAM and FOREBAY_SHARD in its environment, and nothing of ours.
class ExecInvoker final : public FunctionInvoker {
 public:
  ExecInvoker(std::vector<std::string> command, const SourceShard& source, std::unique_ptr<ProcessRunner> runner);

  Invocation invoke(std::string_view event, WallTime now) override;
  void cancel() override { runner_->cancel(); }

 private:
  ProcessRequest request_;
  std::unique_ptr<ProcessRunner> runner_;
};

}  // namespace forebay::gateway::delivery
