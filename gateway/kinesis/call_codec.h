#pragma once

#include <string>
#include <variant>

#include "gateway/kinesis/action.h"
#include "wire/kinesis/cbor_decode.h"
#include "wire/kinesis/cbor_encode.h"
#include "wire/kinesis/json_decode.h"
#include "wire/kinesis/json_encode.h"

/// Messages of a call in the encoding the client chose: all that an action knows of encodings.
namespace forebay::gateway::kinesis {

/// The request, read and held against its rules. Fault  SerializationException or ValidationException.
template <class Message>
std::variant<Message, wire::kinesis::Fault> decode_call(const Call& call) {
  if (call.encoding == Encoding::cbor) return wire::kinesis::decode_cbor_request<Message>(call.request.body);
  return wire::kinesis::decode_request<Message>(call.body());
}

template <class Message>
std::string encode_answer(const Call& call, const Message& message) {
  return call.encoding == Encoding::cbor ? wire::kinesis::to_cbor(message) : wire::kinesis::to_json(message);
}

}  // namespace forebay::gateway::kinesis
