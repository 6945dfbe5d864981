#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "base/units.h"

/// Members of answers, whatever came: a member that is absent or of another type reads as its empty value.
namespace forebay::cli {

inline const nlohmann::json& json_member(const nlohmann::json& object, const char* name) {
  static const nlohmann::json kNull;
  if (!object.is_object()) return kNull;
  const auto found = object.find(name);
  return found == object.end() ? kNull : *found;
}

inline std::string json_text(const nlohmann::json& object, const char* name) {
  const nlohmann::json& value = json_member(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

inline std::uint64_t json_count(const nlohmann::json& object, const char* name) {
  const nlohmann::json& value = json_member(object, name);
  return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
}

inline bool json_flag(const nlohmann::json& object, const char* name) {
  const nlohmann::json& value = json_member(object, name);
  return value.is_boolean() && value.get<bool>();
}

}  // namespace forebay::cli
