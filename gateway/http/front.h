#pragma once

#include <optional>
#include <string_view>

#include "gateway/http/handler.h"
#include "wire/aws/sigv4.h"

namespace forebay::gateway::http {

/// One API behind the port. The router asks it about the head, authenticates, then hands the request over.
/// Threads  one event loop; each loop has its own.
class Front {
 public:
  virtual ~Front() = default;
  /// Name of the service that signatures for this front must carry.
  [[nodiscard]] virtual std::string_view service() const = 0;
  /// What can be refused by the head alone, before any authentication.
  virtual std::optional<Response> check_head(const Request& request) = 0;
  /// The answer to a refused signature.
  virtual Response refuse(const Request& request, const wire::aws::SignatureFault& fault) = 0;
  /// Answers an authenticated request.
  virtual Task<Response> handle(const Request& request) = 0;
};

}  // namespace forebay::gateway::http
