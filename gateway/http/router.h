#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "gateway/auth/authenticator.h"
#include "gateway/http/front.h"

namespace forebay::gateway::http {

/// Picks the front of a request by its path and X-Amz-Target, and authenticates it, once, whatever the front.
class Router final : public RequestHandler {
 public:
  Router(auth::Authenticator authenticator, Counter& auth_faults)
      : authenticator_(std::move(authenticator)), auth_faults_(auth_faults) {}

  /// Routes paths that begin with `prefix`; the longest prefix wins. One front should take "/".
  /// `target`  only requests whose X-Amz-Target begins with it, rather than to a front of that path without one.
  void add(std::string prefix, std::unique_ptr<Front> front, std::string target = {});

  std::optional<Response> admit(Request& request) override;
  Task<Response> handle(Request& request) override;

 private:
  struct Route {
    std::string prefix;
    std::string target;
    std::unique_ptr<Front> front;
  };
  Front* front_for(const Request& request) const;

  auth::Authenticator authenticator_;
  Counter& auth_faults_;
  std::vector<Route> routes_;
};

}  // namespace forebay::gateway::http
