#pragma once

#include <variant>

#include "gateway/firehose/action.h"
#include "wire/kinesis/json_decode.h"
#include "wire/kinesis/json_encode.h"

namespace forebay::gateway::firehose {

/// The request, read and held against its rules. Fault  SerializationException or ValidationException.
template <class Message>
std::variant<Message, wire::kinesis::Fault> decode_call(const Call& call) {
  return wire::kinesis::decode_request<Message>(call.body());
}

template <class Message>
std::string encode_answer(const Message& message) {
  return wire::kinesis::to_json(message);
}

}  // namespace forebay::gateway::firehose
