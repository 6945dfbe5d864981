#include "gateway/http/router.h"

namespace forebay::gateway::http {
using wire::aws::SignatureFault;

void Router::add(std::string prefix, std::unique_ptr<Front> front, std::string target) {
  routes_.push_back({std::move(prefix), std::move(target), std::move(front)});
}

Front* Router::front_for(const Request& request) const {
  const std::string_view target = request.header("x-amz-target");
  const auto rank = [](const Route& route) { return std::pair(route.prefix.size(), route.target.size()); };
  const Route* best = nullptr;
  for (const Route& route : routes_) {
    const bool fits = request.path.starts_with(route.prefix) && target.starts_with(route.target);
    if (fits && (!best || rank(route) > rank(*best))) best = &route;
  }
  return best ? best->front.get() : nullptr;
}

std::optional<Response> Router::admit(Request& request) {
  Front* front = front_for(request);
  if (!front) return text_response(404, "text/plain", "no such path\n");
  if (auto refusal = front->check_head(request)) return refusal;
  auto admitted = authenticator_.admit(request.signed_view(), front->service());
  if (auto* fault = std::get_if<SignatureFault>(&admitted)) {
    auth_faults_.add();
    return front->refuse(request, *fault);
  }
  request.admission = std::get<auth::Admission>(std::move(admitted));
  return std::nullopt;
}

Task<Response> Router::handle(Request& request) {
  Front* front = front_for(request);
  auto verified = authenticator_.verify(request.signed_view(), *request.admission, request.body);
  if (auto* fault = std::get_if<SignatureFault>(&verified)) {
    auth_faults_.add();
    co_return front->refuse(request, *fault);
  }
  request.identity = std::get<auth::Identity>(std::move(verified));
  co_return co_await front->handle(request);
}

}  // namespace forebay::gateway::http
