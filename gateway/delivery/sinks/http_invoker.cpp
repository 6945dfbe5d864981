#include "gateway/delivery/sinks/http_invoker.h"

#include "gateway/delivery/sinks/http_failure.h"

namespace forebay::gateway::delivery {
namespace {

bool did_not_run(int status) { return status == 429 || status == 502 || status == 503 || status == 504; }

}  // namespace

Invocation HttpInvoker::invoke(std::string_view event, WallTime now) {
  HttpRequest request;
  request.url = url_;
  request.headers = {{"Content-Type", "application/json"}};
  request.body = as_bytes(event);
  request.timeout = kTimeout;
  request.response_bytes_max = kAnswerBytesMax;
  const auto response = http_->perform(request);
  Invocation out;
  if (!response) {
    const Errc code = response.error().code;
    const bool ran = code == Errc::timed_out || code == Errc::too_large;
    out.kind = ran ? Invocation::Kind::function_error : Invocation::Kind::unreachable;
    out.error = response.error().to_string();
    return out;
  }
  const bool success = response->status >= 200 && response->status < 300;
  const std::string_view fault = response->header("x-amz-function-error");
  if (success && fault.empty()) {
    out.answer = std::string(as_text(response->body));
    return out;
  }
  RecordSink::Outcome refusal = http_refusal(url_, *response, now);
  out.kind = did_not_run(response->status) ? Invocation::Kind::unreachable : Invocation::Kind::function_error;
  out.error = std::move(refusal.error);
  if (!fault.empty()) out.error.append(" (").append(fault.substr(0, 64)).append(")");
  out.retry_after = refusal.retry_after;
  return out;
}

}  // namespace forebay::gateway::delivery
