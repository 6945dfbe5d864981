#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/task.h"
#include "gateway/delivery_front/delivery_front.h"

namespace forebay::gateway::delivery_front {

using Json = nlohmann::ordered_json;

/// One request by a caller that may manage delivery streams.
struct DeliveryCall {
  DeliveryFrontServices* services = nullptr;
  std::string caller;   ///< access key id; empty: authentication is off
  std::string account;  ///< whose delivery streams it is about
  Json body;            ///< an object
};

struct DeliveryOperation {
  std::string_view name;  ///< behind /delivery/v1/
  Task<Result<Json>> (*run)(DeliveryCall call);
};

/// Null: there is no such operation.
const DeliveryOperation* find_operation(std::string_view name);
/// "/delivery/v1/list, /describe, ...": for errors.
std::string operation_names();

/// A member that is a string; empty when there is none. Errors  invalid_argument.
Result<std::string> text_member(const Json& body, const char* name);

}  // namespace forebay::gateway::delivery_front
