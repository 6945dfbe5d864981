#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace forebay {

struct TlsServerOptions {
  std::string certificate_file;  ///< PEM, own certificate first, then intermediate ones
  std::string key_file;          ///< PEM, not encrypted
  std::vector<std::string> protocols = {"http/1.1"};  ///< for ALPN, best first
};

/// TLS settings of a server: 1.2 and 1.3, forward-secret suites, no renegotiation, no compression, buffers released
/// while a connection is idle. A client that offers only other protocols by ALPN is refused.
/// Owner    outlives every stream made with it. Threads  any, once made.
class TlsContext {
 public:
  /// Errors  invalid_argument: names the file and what is wrong with it.
  static Result<std::unique_ptr<TlsContext>> make_server(const TlsServerOptions& options);

  [[nodiscard]] boost::asio::ssl::context& context() { return context_; }

 private:
  explicit TlsContext(const TlsServerOptions& options);

  boost::asio::ssl::context context_;
  std::string protocols_;  ///< in the form of the wire: length, name, ...
};

}  // namespace forebay
