#pragma once

#include <string>

#include "wire/kinesis/shape_types.h"

/// Prints descriptions as the tables of docs/formats/kinesis-calls.md.
namespace forebay::wire::kinesis {

/// Appends the text between two bounds, e.g. "1..128 characters"; nothing when the rule has none.
void append_rule_text(std::string& out, const Rule& rule, std::string_view unit);

namespace detail {

template <class T>
std::string type_text() {
  if constexpr (is_optional<T>)
    return type_text<typename T::value_type>();
  else if constexpr (is_list<T>)
    return "list of " + type_text<typename T::value_type>();
  else if constexpr (is_message<T>)
    return std::string(T::kShape);
  else if constexpr (std::is_same_v<T, std::string>)
    return "string";
  else if constexpr (std::is_same_v<T, Buffer>)
    return "blob";
  else if constexpr (std::is_same_v<T, WallTime>)
    return "timestamp";
  else if constexpr (std::is_same_v<T, StringMap>)
    return "map of string";
  else if constexpr (std::is_same_v<T, bool>)
    return "boolean";
  else
    return std::is_same_v<T, std::int64_t> ? "long" : "integer";
}

template <class T>
std::string_view unit_text() {
  if constexpr (is_optional<T>)
    return unit_text<typename T::value_type>();
  else if constexpr (std::is_same_v<T, std::string>)
    return " characters";
  else if constexpr (std::is_same_v<T, Buffer>)
    return " bytes";
  else if constexpr (is_list<T> || std::is_same_v<T, StringMap>)
    return " elements";
  else
    return "";
}

}  // namespace detail

/// Appends a Markdown table: member, type, required, rule.
template <class Message>
void append_table(std::string& out) {
  out.append("### ").append(Message::kShape).append("\n\n");
  std::string rows;
  Message message;
  Message::describe(message, [&](const Rule& rule, auto& member) {
    using Member = std::remove_cvref_t<decltype(member)>;
    rows.append("| `").append(rule.name).append("` | ").append(detail::type_text<Member>());
    rows.append(rule.required ? " | yes | " : " | | ");
    append_rule_text(rows, rule, detail::unit_text<Member>());
    rows += " |\n";
  });
  if (rows.empty())
    out += "No members.\n\n";
  else
    out.append("| member | type | required | rule |\n|---|---|---|---|\n").append(rows).append("\n");
}

}  // namespace forebay::wire::kinesis
