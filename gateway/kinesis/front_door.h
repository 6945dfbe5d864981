#pragma once

#include <optional>
#include <string_view>

#include "gateway/aws/front_door.h"
#include "gateway/kinesis/action.h"

namespace forebay::gateway::kinesis {
using aws::add_cross_origin_headers;
using aws::plain_json_response;

/// What the service refuses by the head of a request alone, and cross-origin pre-flights.
std::optional<http::Response> check_front_door(const http::Request& request);
/// The action a request names; null when there is none.
const Action* action_of(const http::Request& request);

}  // namespace forebay::gateway::kinesis
