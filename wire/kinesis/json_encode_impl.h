#pragma once

#include "base/base64.h"
#include "wire/kinesis/json_encode.h"
#include "wire/kinesis/shape_types.h"

namespace forebay::wire::kinesis::detail {

inline void append_value(std::string& out, std::string_view value) { append_json_string(out, value); }
inline void append_value(std::string& out, const std::string& value) { append_json_string(out, value); }
inline void append_value(std::string& out, std::int32_t value) { append_integer(out, value); }
inline void append_value(std::string& out, std::int64_t value) { append_integer(out, value); }
inline void append_value(std::string& out, bool value) { out += value ? "true" : "false"; }
inline void append_value(std::string& out, WallTime value) { append_json_timestamp(out, value); }
inline void append_value(std::string& out, const Buffer& value) {
  out += '"';
  append_base64(out, value);
  out += '"';
}
inline void append_value(std::string& out, const StringMap& value) {
  out += '{';
  bool first = true;
  for (const auto& [key, text] : value) {
    if (!first) out += ',';
    first = false;
    append_json_string(out, key);
    out += ':';
    append_json_string(out, text);
  }
  out += '}';
}
template <class Message>
requires is_message<Message>
void append_value(std::string& out, const Message& value) { encode_json(value, out); }
template <class T>
requires is_list<std::vector<T>>
void append_value(std::string& out, const std::vector<T>& value) {
  out += '[';
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (i != 0) out += ',';
    append_value(out, value[i]);
  }
  out += ']';
}

}  // namespace forebay::wire::kinesis::detail

namespace forebay::wire::kinesis {

template <class Message>
void encode_json(const Message& message, std::string& out) {
  out += '{';
  bool first = true;
  Message::describe(message, [&](const Rule& rule, const auto& member) {
    const auto* value = [&] {
      if constexpr (detail::is_optional<std::remove_cvref_t<decltype(member)>>)
        return member ? &*member : nullptr;
      else
        return &member;
    }();
    if (value == nullptr) return;
    out += first ? "\"" : ",\"";
    first = false;
    out.append(rule.name).append("\":");
    detail::append_value(out, *value);
  });
  out += '}';
}

}  // namespace forebay::wire::kinesis
