#pragma once

#include <optional>
#include <string_view>

#include "gateway/http/request.h"
#include "gateway/http/response.h"
#include "gateway/kinesis/action.h"

namespace forebay::gateway::kinesis {

/// What the service refuses by the head of a request alone (kinesis 1.5, front door), and cross-origin pre-flights.
std::optional<http::Response> check_front_door(const http::Request& request);
/// The action a request names; null when there is none.
const Action* action_of(const http::Request& request);
/// Answer to a request of type application/json, which the service knows but does not serve.
http::Response plain_json_response(std::string_view body);
/// Adds the headers of cross-origin answers when the request has an Origin.
void add_cross_origin_headers(const http::Request& request, http::Response& response);

}  // namespace forebay::gateway::kinesis
