#pragma once

#include "wire/kinesis/shape_types.h"
#include "wire/kinesis/validate.h"
#include "wire/kinesis/violations.h"

namespace forebay::wire::kinesis::detail {

/// What stands before the names of structures in texts: of a message with kPackage that, else the package of Kinesis.
template <class Message>
constexpr std::string_view package_of() {
  if constexpr (requires { Message::kPackage; })
    return Message::kPackage;
  else
    return "com.amazonaws.kinesis.v20131202.";
}

/// How the service's texts print an element of a list. The service ends a structure with a hash that means nothing;
/// here it is the element's number.
template <class T>
std::string element_text(const T& value, std::size_t index) {
  if constexpr (is_message<T>) {
    constexpr char kHex[] = "0123456789abcdef";
    std::string hash(8, '0');
    for (std::size_t i = 8; i-- > 0; index >>= 4) hash[i] = kHex[index & 15];
    return std::string(package_of<T>()).append(T::kShape).append("@").append(hash);
  } else {
    return value;
  }
}

template <class T>
std::string list_text(const std::vector<T>& list) {
  std::string out = "[";
  for (std::size_t i = 0; i < list.size(); ++i) out.append(i == 0 ? "" : ", ").append(element_text(list[i], i));
  return out + "]";
}

template <class Message>
void check_members(Violations& violations, const std::string& prefix, const Message& message);

template <class T>
void check_value(Violations& violations, const Rule& rule, const std::string& path, const T& value) {
  if constexpr (is_optional<T>) {
    if (value)
      check_value(violations, rule, path, *value);
    else if (rule.required)
      violations.missing(path);
  } else if constexpr (is_list<T>) {
    violations.check_list(rule, path, value.size(), [&] { return list_text(value); });
    if constexpr (std::is_same_v<typename T::value_type, std::string>) violations.check_elements(rule, path, value);
    if constexpr (is_message<typename T::value_type>)
      for (std::size_t i = 0; i < value.size(); ++i)
        check_members(violations, path + "." + std::to_string(i + 1) + ".member.", value[i]);
  } else if constexpr (is_message<T>) {
    check_members(violations, path + ".", value);
  } else if constexpr (!std::is_same_v<T, bool> && !std::is_same_v<T, WallTime>) {
    violations.check(rule, path, value);
  }
}

template <class Message>
void check_members(Violations& violations, const std::string& prefix, const Message& message) {
  Message::describe(message, [&](const Rule& rule, const auto& member) {
    check_value(violations, rule, prefix + lower_camel(rule.name), member);
  });
}

}  // namespace forebay::wire::kinesis::detail

namespace forebay::wire::kinesis {

template <class Message>
std::optional<Fault> validate(const Message& message) {
  Violations violations;
  detail::check_members(violations, "", message);
  return violations.finish();
}

}  // namespace forebay::wire::kinesis
