#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wire/kinesis/error_type.h"
#include "wire/kinesis/shape.h"

namespace forebay::wire::kinesis {

/// Checks every member against its rule and collects the violations, at most ten.
/// Success  empty; then every required member is present. Otherwise a ValidationException with the service's text:
///          "2 validation errors detected: Value null at 'streamName' failed to satisfy constraint: ...; ...".
template <class Message>
std::optional<Fault> validate(const Message& message);

}  // namespace forebay::wire::kinesis

#include "wire/kinesis/validate_impl.h"
