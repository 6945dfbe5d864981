#pragma once

#include <optional>
#include <string_view>

#include "gateway/http/request.h"
#include "gateway/http/response.h"

namespace forebay::gateway::aws {

/// What a service says about a request by its head.
struct Visitor {
  bool known_action = false;  ///< X-Amz-Target names a call of the service
  bool cbor_taken = false;    ///< the service takes CBOR beside JSON 1.1
};

/// What a service refuses by the head of a request alone (kinesis 1.5, front door), and cross-origin pre-flights.
std::optional<http::Response> check_front_door(const http::Request& request, Visitor visitor);
/// Answer to a request of type application/json, which the services know but do not serve.
http::Response plain_json_response(std::string_view body);
/// Adds the headers of cross-origin answers when the request has an Origin.
void add_cross_origin_headers(const http::Request& request, http::Response& response);

}  // namespace forebay::gateway::aws
