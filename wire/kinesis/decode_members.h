#pragma once

#include "wire/kinesis/shape_types.h"

/// Decoding that follows describe(), for any body format. A Decoder has read(value&), begin_structure(), begin_list()
/// and kElementsKept; its reader() has next_key(), next_element(), skip() and ok() (json_value_decoder.h).
namespace forebay::wire::kinesis::detail {

template <class Decoder, class Message>
void read_members(Decoder& in, Message& message);

template <class Decoder, class T>
bool read_value(Decoder& in, T& out) {
  if constexpr (is_optional<T>) {
    typename T::value_type value{};
    if (read_value(in, value))
      out = std::move(value);
    else
      out.reset();
    return out.has_value();
  } else if constexpr (is_list<T>) {
    if (!in.begin_list()) return false;
    out.clear();
    typename T::value_type dropped{};
    while (in.reader().next_element())
      read_value(in, out.size() < Decoder::kElementsKept ? out.emplace_back() : dropped);
    return in.reader().ok();
  } else if constexpr (is_message<T>) {
    if (!in.begin_structure()) return false;
    out = T{};
    read_members(in, out);
    return in.reader().ok();
  } else {
    return in.read(out);
  }
}

template <class Decoder, class Message>
void read_members(Decoder& in, Message& message) {
  std::string key;
  while (in.reader().next_key(key)) {
    bool known = false;
    Message::describe(message, [&](const Rule& rule, auto& member) {
      if (known || rule.name != key) return;
      known = true;
      read_value(in, member);
    });
    if (!known) in.reader().skip();
  }
}

}  // namespace forebay::wire::kinesis::detail
