#pragma once

#include <string>

#include "wire/kinesis/json_text.h"
#include "wire/kinesis/shape.h"

namespace forebay::wire::kinesis {

/// Appends the message as compact JSON (no blanks): members in the order described, absent ones left out, blobs as
/// base64, timestamps as seconds with three decimals.
template <class Message>
void encode_json(const Message& message, std::string& out);

template <class Message>
std::string to_json(const Message& message) {
  std::string out;
  encode_json(message, out);
  return out;
}

}  // namespace forebay::wire::kinesis

#include "wire/kinesis/json_encode_impl.h"
