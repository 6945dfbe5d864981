#pragma once

#include <functional>
#include <string>

#include "base/metrics.h"
#include "gateway/http/handler.h"

namespace forebay::gateway::admin {

/// What the admin port tells about the program.
struct AdminServices {
  const MetricsRegistry& metrics;
  std::string version;
  /// Empty when requests are taken; else why not.
  std::function<std::string()> not_ready;
  /// Brings gauges up to date before they are printed.
  std::function<void()> refresh;
};

/// Answers GET /healthz (the process lives), /readyz (requests are taken), /metrics (Prometheus text), /version.
class AdminHandler final : public http::RequestHandler {
 public:
  explicit AdminHandler(const AdminServices& services) : services_(services) {}

  std::optional<http::Response> admit(http::Request& request) override;
  Task<http::Response> handle(http::Request& request) override;

 private:
  [[nodiscard]] http::Response answer(std::string_view path) const;

  const AdminServices& services_;
};

}  // namespace forebay::gateway::admin
