#pragma once

#include <optional>
#include <variant>

#include "wire/kinesis/cbor_value_decoder.h"
#include "wire/kinesis/decode_members.h"
#include "wire/kinesis/validate.h"

namespace forebay::wire::kinesis {

/// Reads one CBOR 1.1 body into a message, as decode_json() does for JSON: unknown members are skipped, null and
/// undefined are absent, the last of equal names counts, an empty body reads as an empty map.
/// Success  empty. Otherwise SerializationException: without text when the body is no CBOR map, else with the service's
///          text for the first member of a wrong type.
template <class Message>
std::optional<Fault> decode_cbor(ByteView body, Message& message) {
  CborValueDecoder in(body);
  message = Message{};
  if (in.begin_body()) detail::read_members(in, message);
  return in.finish();
}

/// decode_cbor(), then validate().
template <class Message>
std::variant<Message, Fault> decode_cbor_request(ByteView body) {
  Message message;
  if (auto fault = decode_cbor(body, message)) return *std::move(fault);
  if (auto fault = validate(message)) return *std::move(fault);
  return message;
}

}  // namespace forebay::wire::kinesis
