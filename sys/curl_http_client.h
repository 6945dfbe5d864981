#pragma once

#include <memory>
#include <string>

#include "base/http_client.h"

namespace forebay {

struct CurlHttpClientOptions {
  std::string ca_file = {};                ///< PEM; empty: the system's
  std::string client_certificate = {};     ///< PEM chain; empty: none
  std::string client_key = {};             ///< PEM
  std::string user_agent = "forebay";       ///< never empty
  std::chrono::milliseconds connect_timeout{10'000};
};

/// HttpClient on libcurl: HTTP/1.1 (7.88 can corrupt an HTTP/2 upload), TLS 1.2 or later with verification, no
/// redirects, one connection kept alive between requests, proxies from the usual environment variables.
/// cancel() wakes a waiting perform() at once.
class CurlHttpClient final : public HttpClient {
 public:
  explicit CurlHttpClient(CurlHttpClientOptions options);
  ~CurlHttpClient() override;
  CurlHttpClient(const CurlHttpClient&) = delete;
  CurlHttpClient& operator=(const CurlHttpClient&) = delete;

  /// Errors  besides those of HttpClient: invalid_argument for a URL, header or certificate file that cannot be used.
  Result<HttpResponse> perform(const HttpRequest& request) override;
  void cancel() override;

 private:
  class Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace forebay
