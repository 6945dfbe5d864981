#include "gateway/delivery/sinks/exec_invoker.h"

#include "wire/kinesis/json_text.h"
#include "wire/kinesis/shard_id.h"

namespace forebay::gateway::delivery {
namespace {

std::string fault_of(const std::string& program, const ProcessResult& result) {
  std::string text = program;
  if (result.signal != 0)
    text += " was ended by signal " + std::to_string(result.signal);
  else
    text += " ended with exit code " + std::to_string(result.exit_code);
  if (!result.complaint.empty()) text += ": " + result.complaint;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

ExecInvoker::ExecInvoker(std::vector<std::string> command, const SourceShard& source,
                         std::unique_ptr<ProcessRunner> runner)
    : runner_(std::move(runner)) {
  request_.command = std::move(command);
  request_.environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "FOREBAY_DELIVERY=" + source.delivery,
                          "FOREBAY_STREAM=" + source.stream,
                          "FOREBAY_SHARD=" + wire::kinesis::to_shard_id(source.shard.value())};
  request_.timeout = kTimeout;
  request_.output_bytes_max = kAnswerBytesMax;
}

Invocation ExecInvoker::invoke(std::string_view event, WallTime) {
  request_.input = as_bytes(event);
  const auto result = runner_->run(request_);
  Invocation out;
  if (!result) {
    const Errc code = result.error().code;
    const bool ran = code == Errc::timed_out || code == Errc::too_large;
    out.kind = ran ? Invocation::Kind::function_error : Invocation::Kind::unreachable;
    out.error = result.error().to_string();
  } else if (result->exit_code != 0) {
    out.kind = Invocation::Kind::function_error;
    out.error = fault_of(request_.command[0], *result);
  } else {
    out.answer = std::string(as_text(result->output));
  }
  return out;
}

}  // namespace forebay::gateway::delivery
