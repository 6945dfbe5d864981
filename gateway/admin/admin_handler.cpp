#include "gateway/admin/admin_handler.h"

namespace forebay::gateway::admin {
using http::Request;
using http::Response;
using http::text_response;

std::optional<Response> AdminHandler::admit(Request& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    Response refusal = text_response(405, "text/plain", "only GET\n");
    refusal.headers.emplace_back("Allow", "GET");
    return refusal;
  }
  if (request.has_body()) return text_response(400, "text/plain", "no body is taken here\n");
  return std::nullopt;
}

Task<Response> AdminHandler::handle(Request& request) {
  Response response = answer(request.path);
  response.request_ids = false;
  response.headers.emplace_back("Cache-Control", "no-store");
  if (request.method == "HEAD") {
    response.text.clear();
    response.close = true;
  }
  co_return response;
}

Response AdminHandler::answer(std::string_view path) const {
  if (path == "/healthz") return text_response(200, "text/plain", "ok\n");
  if (path == "/version") return text_response(200, "text/plain", services_.version + "\n");
  if (path == "/readyz") {
    const std::string reason = services_.not_ready ? services_.not_ready() : std::string();
    return reason.empty() ? text_response(200, "text/plain", "ok\n") : text_response(503, "text/plain", reason + "\n");
  }
  if (path == "/metrics") {
    if (services_.refresh) services_.refresh();
    return text_response(200, "text/plain; version=0.0.4; charset=utf-8", services_.metrics.to_prometheus_text());
  }
  return text_response(404, "text/plain", "try /healthz, /readyz, /metrics or /version\n");
}

}  // namespace forebay::gateway::admin
