#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/http_client.h"
#include "base/ip_address.h"

namespace forebay {

struct CurlHttpClientOptions {
  std::string ca_file = {};             ///< PEM; empty: the system's
  std::string client_certificate = {};  ///< PEM chain; empty: none
  std::string client_key = {};          ///< PEM
  std::string user_agent = "forebay";   ///< never empty
  std::chrono::milliseconds connect_timeout{10'000};
  /// Asked for every address before a connection to it is opened, however the URL was written and whatever the name
  /// resolved to; false refuses it before any byte is sent. With it, proxies are not used: one would resolve by itself.
  /// Called on the thread of perform(). Empty: every address.
  std::function<bool(const IpAddress&)> address_allowed = {};
  std::size_t upload_buffer_bytes = 64 << 10;  ///< copied from the body per system call; 16 KiB to 2 MiB
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

  /// Errors  besides those of HttpClient: invalid_argument for a URL, header or certificate file that cannot be used;
  ///         permission also for an address that is not allowed, which the text names.
  Result<HttpResponse> perform(const HttpRequest& request) override;
  void cancel() override;

 private:
  class Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace forebay
