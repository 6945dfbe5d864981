#pragma once

#include <memory>

#include "base/http_client.h"
#include "gateway/delivery/sinks/function_invoker.h"

namespace forebay::gateway::delivery {

/// A function behind a URL: POST of the event. 2xx is an answer, unless X-Amz-Function-Error says otherwise; 429, 502,
/// 503 and 504 say that it did not run; every other status is an error of the function.
class HttpInvoker final : public FunctionInvoker {
 public:
  HttpInvoker(std::string url, std::unique_ptr<HttpClient> http) : url_(std::move(url)), http_(std::move(http)) {}

  Invocation invoke(std::string_view event, WallTime now) override;
  void cancel() override { http_->cancel(); }

 private:
  std::string url_;
  std::unique_ptr<HttpClient> http_;
};

}  // namespace forebay::gateway::delivery
