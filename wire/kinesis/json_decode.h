#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "wire/kinesis/error_type.h"
#include "wire/kinesis/json_value_decoder.h"
#include "wire/kinesis/shape.h"
#include "wire/kinesis/validate.h"

namespace forebay::wire::kinesis {

/// Reads one JSON 1.1 body into a message: unknown members are skipped, null is absent, the last of equal names counts.
/// An empty body reads as {}. Nothing is kept of the body.
/// Success  empty. Otherwise SerializationException: without text when the body is no JSON object, else with the
///          service's text for the first member of a wrong type.
template <class Message>
std::optional<Fault> decode_json(std::string_view body, Message& message);

/// decode_json(), then validate().
template <class Message>
std::variant<Message, Fault> decode_request(std::string_view body) {
  Message message;
  if (auto fault = decode_json(body, message)) return *std::move(fault);
  if (auto fault = validate(message)) return *std::move(fault);
  return message;
}

}  // namespace forebay::wire::kinesis

#include "wire/kinesis/json_decode_impl.h"
