#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace forebay {

struct HttpRequest {
  std::string method = "POST";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  ByteView body;  ///< borrowed until perform() returns
  std::chrono::milliseconds timeout{60'000};
  /// Given up when for so long no byte comes, leaves or is confirmed by the far end. Zero: only `timeout` counts.
  std::chrono::milliseconds stall_timeout{0};
  std::size_t response_bytes_max = 16 << 20;
};

struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  Buffer body;

  /// Empty when absent; the first one when repeated.
  [[nodiscard]] std::string_view header(std::string_view lower_case_name) const {
    for (const auto& [name, value] : headers)
      if (name == lower_case_name) return value;
    return {};
  }
};

/// One request at a time over a kept-alive connection. Never follows redirects. HTTP/1.1.
/// Threads  perform() from one thread; cancel() from any.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  /// Success  an answer arrived, whatever its status.
  /// Errors   unavailable: could not connect or the connection broke (the request may have been handled);
  ///          timed_out; cancelled; permission: the server's certificate was refused; too_large: answer over the limit.
  virtual Result<HttpResponse> perform(const HttpRequest& request) = 0;
  /// Makes the running and every later perform() end with cancelled.
  virtual void cancel() = 0;
};

}  // namespace forebay
