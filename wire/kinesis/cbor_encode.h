#pragma once

#include <string>

#include "wire/kinesis/cbor_text.h"
#include "wire/kinesis/shape.h"

namespace forebay::wire::kinesis {

/// Appends the message as CBOR 1.1: maps and arrays of indefinite length, members in the order described, absent ones
/// left out, blobs as byte strings, timestamps as tag 1 with milliseconds.
template <class Message>
void encode_cbor(const Message& message, std::string& out);

template <class Message>
std::string to_cbor(const Message& message) {
  std::string out;
  encode_cbor(message, out);
  return out;
}

}  // namespace forebay::wire::kinesis

#include "wire/kinesis/cbor_encode_impl.h"
