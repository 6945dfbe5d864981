#pragma once

#include "wire/kinesis/decode_members.h"
#include "wire/kinesis/json_decode.h"

namespace forebay::wire::kinesis {

template <class Message>
std::optional<Fault> decode_json(std::string_view body, Message& message) {
  JsonValueDecoder in(body);
  message = Message{};
  if (in.begin_body()) detail::read_members(in, message);
  return in.finish();
}

}  // namespace forebay::wire::kinesis
