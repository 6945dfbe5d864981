#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace forebay::gateway::http {

/// What a handler answers. The session adds Date, Content-Length and Connection.
struct Response {
  int status = 200;
  std::string content_type;
  /// Names as they are written; values must not hold control characters (the session drops a header that does).
  std::vector<std::pair<std::string, std::string>> headers;
  Buffer body;
  std::string text;         ///< the body of answers that are text; then `body` is empty
  bool request_ids = true;  ///< adds x-amzn-RequestId and x-amz-id-2
  bool extended_id = true;  ///< false leaves x-amz-id-2 out
  bool close = false;       ///< ends the connection after this answer

  [[nodiscard]] ByteView content() const { return text.empty() ? ByteView(body) : as_bytes(text); }
};

/// A response with a text body.
Response text_response(int status, std::string_view content_type, std::string_view body);
/// Reason phrase of a status code.
std::string_view reason_phrase(int status);

}  // namespace forebay::gateway::http
