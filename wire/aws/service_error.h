#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"

namespace forebay::wire::aws {

/// What a JSON service says about a call that it refused; both empty when the body is no such answer.
struct ServiceError {
  std::string type;  ///< short name: of "com.amazon.coral.service#SerializationException:..." the part between
  std::string message;
};

ServiceError parse_service_error(ByteView body);

/// True for the texts that say the caller's clock is wrong: the answer's Date header corrects it.
bool is_clock_refusal(std::string_view message);

}  // namespace forebay::wire::aws
