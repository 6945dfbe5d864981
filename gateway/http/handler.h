#pragma once

#include <optional>

#include "base/task.h"
#include "gateway/http/request.h"
#include "gateway/http/response.h"

namespace forebay::gateway::http {

/// What a session calls for each request: the seam between HTTP versions and fronts.
/// Threads  one event loop; each loop has its own.
class RequestHandler {
 public:
  virtual ~RequestHandler() = default;
  /// Looks at the head alone, before any byte of the body is kept. A response refuses the request.
  virtual std::optional<Response> admit(Request& request) = 0;
  /// Answers a request whose body is complete. Owner  the request is borrowed until the task is done.
  virtual Task<Response> handle(Request& request) = 0;
};

}  // namespace forebay::gateway::http
