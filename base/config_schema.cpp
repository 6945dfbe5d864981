#include "base/config_schema.h"

#include "base/units_text.h"

namespace forebay {
namespace {

std::string bound_text(const Option& option, std::int64_t bound) {
  if (option.type == OptionType::size) return format_size(static_cast<std::uint64_t>(bound));
  if (option.type == OptionType::duration) return format_duration(Milliseconds(bound));
  if (option.type == OptionType::string || option.type == OptionType::path) return std::to_string(bound) + " bytes";
  if (option.type == OptionType::string_list) return std::to_string(bound) + " items";
  return std::to_string(bound);
}

std::string type_name(const Option& option) {
  switch (option.type) {
    case OptionType::string: return "string";
    case OptionType::integer: return option.unit.empty() ? "integer" : "integer, " + std::string(option.unit);
    case OptionType::boolean: return "true or false";
    case OptionType::size: return "size";
    case OptionType::duration: return "duration";
    case OptionType::string_list: return "list of strings";
    case OptionType::path: return "path";
    case OptionType::enumeration: break;
  }
  std::string text = "one of";
  for (const std::string_view name : split_list(option.allowed)) {
    text += text.ends_with("of") ? " \"" : ", \"";
    text += name;
    text += '"';
  }
  return text;
}

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string default_cell(const Option& option) {
  if (option.required && option.default_value.empty()) return "required";
  if (option.default_value.empty()) return "";
  return "`" + cell(option.default_value) + "`";
}

void append_row(std::string& out, const Option& option) {
  out += "| `" + cell(option.name) + "` | " + cell(describe_type(option)) + " | " + default_cell(option) + " | " +
         cell(option.text) + " |\n";
}

void append_head(std::string& out, std::string_view title, std::string_view text) {
  out += "\n### ";
  out += title;
  out += "\n\n";
  if (!text.empty()) out += std::string(text) + "\n\n";
  out += "| option | type | default | meaning |\n|---|---|---|---|\n";
}

std::string_view group_of(std::string_view name) {
  const std::size_t dot = name.find('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
}

void append_table(std::string& out, const OptionTable& table) {
  const std::string title = "`[[" + std::string(table.name) + "]]`";
  append_head(out, title, table.text);
  for (const Option& option : table.common) append_row(out, option);
  for (const OptionVariant& variant : table.variants) {
    if (table.selector.empty()) {
      for (const Option& option : variant.options) append_row(out, option);
      continue;
    }
    append_head(out, title + " with `" + std::string(table.selector) + " = \"" + std::string(variant.name) + "\"`",
                variant.text);
    for (const Option& option : variant.options) append_row(out, option);
  }
}

}  // namespace

std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> items;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    std::string_view item = text.substr(0, comma);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!item.empty()) items.push_back(item);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return items;
}

const OptionVariant* find_variant(const OptionTable& table, std::string_view name) {
  for (const OptionVariant& variant : table.variants)
    if (variant.name == name || table.selector.empty()) return &variant;
  return nullptr;
}

std::vector<const Option*> options_of(const OptionTable& table, std::string_view variant_name) {
  std::vector<const Option*> all;
  for (const Option& option : table.common) all.push_back(&option);
  if (const OptionVariant* variant = find_variant(table, variant_name))
    for (const Option& option : variant->options) all.push_back(&option);
  return all;
}

std::string describe_type(const Option& option) {
  std::string text = type_name(option);
  const bool low = option.min != std::numeric_limits<std::int64_t>::min();
  const bool high = option.max != std::numeric_limits<std::int64_t>::max();
  if (low && high)
    text += ", " + bound_text(option, option.min) + " to " + bound_text(option, option.max);
  else if (low)
    text += ", at least " + bound_text(option, option.min);
  else if (high)
    text += ", at most " + bound_text(option, option.max);
  return text;
}

std::string options_markdown(const ConfigSchema& schema) {
  std::string out;
  std::string_view group;
  bool first = true;
  for (const Option& option : schema.options) {
    if (first || group_of(option.name) != group) {
      group = group_of(option.name);
      append_head(out, group.empty() ? "Top level" : "`[" + std::string(group) + "]`", "");
      first = false;
    }
    append_row(out, option);
  }
  for (const OptionTable& table : schema.tables) append_table(out, table);
  return out;
}

}  // namespace forebay
