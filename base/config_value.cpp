#include "base/config_value.h"

#include <algorithm>
#include <charconv>

#include "base/closest_name.h"
#include "base/units_text.h"

namespace forebay {
namespace {

std::string_view example(OptionType type) {
  switch (type) {
    case OptionType::string: return "\"text\"";
    case OptionType::integer: return "10";
    case OptionType::boolean: return "true";
    case OptionType::size: return "\"64 MiB\"";
    case OptionType::duration: return "\"5 s\"";
    case OptionType::enumeration: return "one of these names in quotes";
    case OptionType::string_list: return "[\"one\", \"two\"]";
    case OptionType::path: return "\"/var/lib/forebay\"";
  }
  FB_UNREACHABLE();
}

Error wrong(const Option& option, std::string_view shown) {
  return Error{Errc::invalid_argument, "is " + std::string(shown) + ", but must be: " + describe_type(option) +
                                           "; write for example " + std::string(example(option.type))};
}

std::string shown_text(const Option& option, std::string_view text) {
  if (option.secret) return "a text that is not shown";
  std::string shown = "\"";
  shown += text.substr(0, 100);
  return shown + (text.size() > 100 ? "...\"" : "\"");
}

bool inside(const Option& option, std::int64_t value) { return option.min <= value && value <= option.max; }

template <class T>
ConfigValue made(T value) {
  return ConfigValue{std::move(value), {}, true};
}

Result<ConfigValue> check_number(const Option& option, std::int64_t value, std::string_view shown) {
  if (!inside(option, value)) return wrong(option, shown);
  return made(value);
}

Result<ConfigValue> check_enumeration(const Option& option, std::string_view text) {
  const std::vector<std::string_view> names = split_list(option.allowed);
  if (std::find(names.begin(), names.end(), text) != names.end()) return made(std::string(text));
  const std::string hint = did_you_mean(text, names);
  return Error{Errc::invalid_argument, "is " + shown_text(option, text) + ", but must be " + describe_type(option) +
                                           (hint.empty() ? "" : "; " + hint)};
}

Result<ConfigValue> check_list(const Option& option, std::vector<std::string> items) {
  if (inside(option, static_cast<std::int64_t>(items.size()))) return made(std::move(items));
  return wrong(option, "a list of " + std::to_string(items.size()));
}

Result<ConfigValue> check_string(const Option& option, std::string_view text) {
  if (option.type == OptionType::path && (text.empty() || text.find('\0') != std::string_view::npos))
    return wrong(option, shown_text(option, text));
  if (!inside(option, static_cast<std::int64_t>(text.size()))) return wrong(option, shown_text(option, text));
  return made(std::string(text));
}

Result<ConfigValue> check_integer_text(const Option& option, std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return wrong(option, shown_text(option, text));
  return check_number(option, value, text);
}

}  // namespace

Result<ConfigValue> check_text(const Option& option, std::string_view text) {
  switch (option.type) {
    case OptionType::string:
    case OptionType::path: return check_string(option, text);
    case OptionType::enumeration: return check_enumeration(option, text);
    case OptionType::integer: return check_integer_text(option, text);
    case OptionType::boolean:
      if (text == "true" || text == "false") return made(text == "true");
      return wrong(option, shown_text(option, text));
    case OptionType::size:
      if (const auto size = parse_size(text))
        return check_number(option, static_cast<std::int64_t>(*size), shown_text(option, text));
      return wrong(option, shown_text(option, text));
    case OptionType::duration:
      if (const auto duration = parse_duration(text))
        return check_number(option, duration->count(), shown_text(option, text));
      return wrong(option, shown_text(option, text));
    case OptionType::string_list: {
      const std::vector<std::string_view> items = split_list(text);
      return check_list(option, std::vector<std::string>(items.begin(), items.end()));
    }
  }
  FB_UNREACHABLE();
}

Result<ConfigValue> check_toml(const Option& option, const TomlValue& value) {
  const OptionType type = option.type;
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (type == OptionType::integer || type == OptionType::boolean || type == OptionType::string_list)
      return wrong(option, "a text");
    return check_text(option, *text);
  }
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if (type == OptionType::integer || (type == OptionType::size && *number >= 0))
      return check_number(option, *number, std::to_string(*number));
    return wrong(option, "the number " + std::to_string(*number));
  }
  if (const auto* boolean = std::get_if<bool>(&value)) {
    if (type == OptionType::boolean) return made(*boolean);
    return wrong(option, *boolean ? "true" : "false");
  }
  if (const auto* items = std::get_if<std::vector<std::string>>(&value)) {
    if (type == OptionType::string_list) return check_list(option, *items);
    return wrong(option, "a list");
  }
  if (const auto* other = std::get_if<TomlOther>(&value)) return wrong(option, other->kind);
  return wrong(option, "a table");
}

}  // namespace forebay
