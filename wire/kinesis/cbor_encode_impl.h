#pragma once

#include "wire/kinesis/cbor_encode.h"
#include "wire/kinesis/shape_types.h"

namespace forebay::wire::kinesis::detail {

inline void append_cbor_value(std::string& out, const std::string& value) { append_cbor_text(out, value); }
inline void append_cbor_value(std::string& out, std::int32_t value) { append_cbor_integer(out, value); }
inline void append_cbor_value(std::string& out, std::int64_t value) { append_cbor_integer(out, value); }
inline void append_cbor_value(std::string& out, bool value) { append_cbor_boolean(out, value); }
inline void append_cbor_value(std::string& out, WallTime value) { append_cbor_timestamp(out, value); }
inline void append_cbor_value(std::string& out, const Buffer& value) { append_cbor_bytes(out, value); }
inline void append_cbor_value(std::string& out, const StringMap& value) {
  out += kCborMap;
  for (const auto& [key, text] : value) {
    append_cbor_text(out, key);
    append_cbor_text(out, text);
  }
  out += kCborBreak;
}
template <class Message>
requires is_message<Message>
void append_cbor_value(std::string& out, const Message& value) { encode_cbor(value, out); }
template <class T>
requires is_list<std::vector<T>>
void append_cbor_value(std::string& out, const std::vector<T>& value) {
  out += kCborArray;
  for (const T& element : value) append_cbor_value(out, element);
  out += kCborBreak;
}

}  // namespace forebay::wire::kinesis::detail

namespace forebay::wire::kinesis {

template <class Message>
void encode_cbor(const Message& message, std::string& out) {
  out += kCborMap;
  Message::describe(message, [&](const Rule& rule, const auto& member) {
    if constexpr (detail::is_optional<std::remove_cvref_t<decltype(member)>>) {
      if (!member) return;
      append_cbor_text(out, rule.name);
      detail::append_cbor_value(out, *member);
    } else {
      append_cbor_text(out, rule.name);
      detail::append_cbor_value(out, member);
    }
  });
  out += kCborBreak;
}

}  // namespace forebay::wire::kinesis
