#pragma once

#include <memory>
#include <string>

#include "gateway/http/http_options.h"
#include "gateway/http/request.h"

namespace forebay::gateway::http {

/// Parses request heads and chunked bodies (Boost.Beast behind one file). A request gets one parser; reset() starts the
/// next one. Strict where request smuggling hides: one Host, one Content-Length, `Transfer-Encoding: chunked` alone, no
/// folded lines, no blanks before a colon (reliability check 20).
class HeadParser {
 public:
  explicit HeadParser(const HttpOptions& options);
  ~HeadParser();

  void reset();
  /// Parses one whole head. Lower-cases header names in place, so that the views of `request` point into `head`.
  /// Success  0. Otherwise the status to answer: 400, 414, 431, 501, or 505's stand-in 400.
  int parse_head(MutableBytes head, Request& request);
  /// True when the connection may serve another request.
  [[nodiscard]] bool keep_alive() const;
  /// False for HTTP/1.0, which knows no chunked bodies.
  [[nodiscard]] bool knows_chunks() const;

  /// Feeds bytes of a chunked body; content goes to `out`, which the caller bounds.
  /// Result  bytes used; `status` is set as above (413: over the limit) when the body is refused.
  std::size_t parse_chunked(ByteView bytes, Buffer& out, int& status);
  [[nodiscard]] bool body_done() const;

 private:
  class Parser;
  const HttpOptions& options_;
  std::unique_ptr<Parser> parser_;
};

}  // namespace forebay::gateway::http
