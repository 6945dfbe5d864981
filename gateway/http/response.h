#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "gateway/http/body_stream.h"

namespace forebay::gateway::http {

/// What a handler answers. The session adds Date, Content-Length or the framing of a stream, and Connection.
struct Response {
  int status = 200;
  std::string content_type;
  /// Names as they are written; values must not hold control characters (the session drops a header that does).
  std::vector<std::pair<std::string, std::string>> headers;
  Buffer body;
  std::string text;         ///< the body of answers that are text; then `body` is empty
  /// The body of answers that are made while they are sent; then `body` and `text` are empty.
  std::unique_ptr<BodyStream> stream;
  bool request_ids = true;  ///< adds x-amzn-RequestId and x-amz-id-2
  bool extended_id = true;  ///< false leaves x-amz-id-2 out
  bool close = false;       ///< ends the connection after this answer

  [[nodiscard]] ByteView content() const { return text.empty() ? ByteView(body) : as_bytes(text); }
};

/// A response with a text body.
Response text_response(int status, std::string_view content_type, std::string_view body);
/// The answer to a request that no front has seen: no body, no ids, and the end of an HTTP/1.1 connection.
Response bare_response(int status);
/// Reason phrase of a status code.
std::string_view reason_phrase(int status);

}  // namespace forebay::gateway::http
