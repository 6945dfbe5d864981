#include "wire/kinesis/violations.h"

#include <algorithm>

#include "wire/kinesis/json_text.h"

namespace forebay::wire::kinesis {
namespace {

std::int64_t character_count(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

std::string map_text(const StringMap& map) {
  std::string out = "{";
  for (const auto& [key, value] : map) {
    if (out.size() > 1) out += ", ";
    out += key + "=" + value;
  }
  return out + "}";
}

std::string length_constraint(const char* what, LengthRange range) {
  return std::string(what) + " must satisfy constraint: [Member must have length less than or equal to " +
         std::to_string(range.max) + ", Member must have length greater than or equal to " + std::to_string(range.min) +
         "]";
}

bool is_allowed(const Rule& rule, std::string_view value) {
  return rule.values.empty() || std::find(rule.values.begin(), rule.values.end(), value) != rule.values.end();
}

std::string enum_constraint(const Rule& rule) {
  std::string list;
  for (std::string_view allowed : rule.values) list.append(list.empty() ? "" : ", ").append(allowed);
  return "Member must satisfy enum value set: [" + list + "]";
}

std::string list_text(const std::vector<std::string>& list) {
  std::string out = "[";
  for (const std::string& value : list) {
    if (out.size() > 1) out += ", ";
    out += value;
  }
  return out + "]";
}

bool outside(std::string_view text, LengthRange range) {
  const std::int64_t length = character_count(text);
  return length < range.min || length > range.max;
}

}  // namespace

void Violations::add(std::string_view value, std::string_view path, std::string constraint) {
  if (items_.size() >= kMax) return;
  std::string item = "Value '";
  item.append(shortened(value)).append("' at '").append(path).append("' failed to satisfy constraint: ");
  items_.push_back(item.append(constraint));
}

void Violations::missing(std::string_view path) {
  if (items_.size() >= kMax) return;
  items_.push_back("Value null at '" + std::string(path) + "' failed to satisfy constraint: Member must not be null");
}

void Violations::check_length(const Rule& rule, std::string_view path, std::int64_t length, std::string_view value) {
  if (length < rule.min)
    add(value, path, "Member must have length greater than or equal to " + std::to_string(rule.min));
  if (length > rule.max) add(value, path, "Member must have length less than or equal to " + std::to_string(rule.max));
}

void Violations::check(const Rule& rule, std::string_view path, const std::string& value) {
  if (!is_allowed(rule, value)) add(value, path, enum_constraint(rule));
  if (rule.pattern != nullptr && !rule.pattern->matches(value))
    add(value, path, "Member must satisfy regular expression pattern: " + std::string(rule.pattern->text));
  check_length(rule, path, character_count(value), value);
}

void Violations::check(const Rule& rule, std::string_view path, std::int64_t value) {
  const std::string text = std::to_string(value);
  if (value < rule.min) add(text, path, "Member must have value greater than or equal to " + std::to_string(rule.min));
  if (value > rule.max) add(text, path, "Member must have value less than or equal to " + std::to_string(rule.max));
}

void Violations::check(const Rule& rule, std::string_view path, const Buffer& value) {
  const auto size = static_cast<std::int64_t>(value.size());
  if (size >= rule.min && size <= rule.max) return;
  const std::string count = std::to_string(size);
  check_length(rule, path, size, "java.nio.HeapByteBuffer[pos=0 lim=" + count + " cap=" + count + "]");
}

void Violations::check(const Rule& rule, std::string_view path, const StringMap& value) {
  const auto size = static_cast<std::int64_t>(value.size());
  if (size < rule.min || size > rule.max) check_length(rule, path, size, map_text(value));
  const auto bad_key = [&](const auto& item) { return outside(item.first, rule.map_key); };
  const auto bad_value = [&](const auto& item) { return outside(item.second, rule.map_value); };
  if (std::any_of(value.begin(), value.end(), bad_key))
    add(map_text(value), path, length_constraint("Map keys", rule.map_key));
  if (std::any_of(value.begin(), value.end(), bad_value))
    add(map_text(value), path, length_constraint("Map value", rule.map_value));
}

void Violations::check_elements(const Rule& rule, std::string_view path, const std::vector<std::string>& list) {
  const auto bad_value = [&](const std::string& value) { return !is_allowed(rule, value); };
  const auto bad_length = [&](const std::string& value) { return outside(value, rule.element); };
  if (std::any_of(list.begin(), list.end(), bad_value))
    add(list_text(list), path, "Member must satisfy constraint: [" + enum_constraint(rule) + "]");
  if (std::any_of(list.begin(), list.end(), bad_length))
    add(list_text(list), path, length_constraint("Member", rule.element));
}

std::optional<Fault> Violations::finish() const {
  if (items_.empty()) return std::nullopt;
  std::string text =
      std::to_string(items_.size()) + " validation error" + (items_.size() == 1 ? "" : "s") + " detected: ";
  for (std::size_t i = 0; i < items_.size(); ++i) text.append(i == 0 ? "" : "; ").append(items_[i]);
  return Fault{ErrorType::validation, std::move(text)};
}

std::string lower_camel(std::string_view member_name) {
  std::string out(member_name);
  if (!out.empty() && out[0] >= 'A' && out[0] <= 'Z') out[0] = static_cast<char>(out[0] + 32);
  return out;
}

}  // namespace forebay::wire::kinesis
