#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/task.h"

namespace forebay::gateway::http {

/// A body that is made while it is sent. The session sends it in chunks on HTTP/1.1 and as DATA frames on HTTP/2,
/// without Content-Length, and destroys it when it ended, when a write failed or when the connection closed.
/// The request is gone by then: a stream keeps copies of what it needs.
/// Threads  one event loop.
class BodyStream {
 public:
  virtual ~BodyStream() = default;
  /// Next piece; an empty optional ends the stream cleanly, an empty piece sends nothing. Called again only when the
  /// piece before has been written (flow control), so one piece is all that a slow reader holds.
  virtual Task<std::optional<Buffer>> next() = 0;
  /// The session wants to end: the client is gone or the gateway stops. A next() that waits should return at once; one
  /// that does not is waited for, so it has to return within some seconds by itself. What it returns is not sent.
  /// next() is not called again.
  virtual void cancel() {}
};

}  // namespace forebay::gateway::http
