#pragma once

#include <string>
#include <string_view>

namespace kload {

/// Value of the first text member of that name at or behind `from`; empty when there is none.
inline std::string text_member(std::string_view json, std::string_view name, std::size_t from = 0) {
  const std::string start = "\"" + std::string(name) + "\":\"";
  const std::size_t at = json.find(start, from);
  if (at == std::string_view::npos) return {};
  const std::size_t value = at + start.size();
  return std::string(json.substr(value, json.find('"', value) - value));
}

}  // namespace kload
