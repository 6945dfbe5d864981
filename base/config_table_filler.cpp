#include "base/config_table_filler.h"

#include <algorithm>

#include "base/closest_name.h"
#include "base/config_value.h"

namespace forebay {
namespace {

std::string_view last_part(std::string_view name) { return name.substr(name.rfind('.') + 1); }

bool is_below(std::string_view name, std::string_view table) {
  return name.size() > table.size() && name.starts_with(table) && name[table.size()] == '.';
}

}  // namespace

ConfigTableFiller::ConfigTableFiller(ConfigTable& table, const Environment& environment, FileSystem& files,
                                     ConfigProblems& problems, std::vector<std::string_view> table_names)
    : table_(table),
      environment_(environment),
      files_(files),
      problems_(problems),
      table_names_(std::move(table_names)) {}

void ConfigTableFiller::set_defaults() {
  for (const Option* option : table_.options()) {
    if (option->default_value.empty()) continue;
    Result<ConfigValue> value = check_text(*option, option->default_value);
    FB_ASSERT(value.ok());  // a row of ours whose default breaks its own bounds
    value->origin = "default";
    value->given = false;
    table_.set(option->name, *std::move(value));
  }
}

void ConfigTableFiller::apply(const std::vector<TomlEntry>& entries) {
  std::string reported;  // a wrong table was reported once; what is in it is not
  for (const TomlEntry& entry : entries) {
    if (entry.name.empty() || (!reported.empty() && is_below(entry.name, reported))) continue;
    const bool table = std::holds_alternative<TomlTableMark>(entry.value);
    if (table && !is_group(entry.name)) reported = entry.name;
    if (!table || !is_group(entry.name)) apply_entry(entry);
  }
}

void ConfigTableFiller::apply_entry(const TomlEntry& entry) {
  if (const Option* option = find_option(entry.name)) return apply_to_option(*option, entry);
  const bool repeated = std::find(table_names_.begin(), table_names_.end(), entry.name) != table_names_.end();
  if (repeated) return problems_.add(entry.origin, entry.name, "is a repeated table; write [[" + entry.name + "]]");
  if (is_group(entry.name)) return problems_.add(entry.origin, entry.name, "is a table; write [" + entry.name + "]");
  problems_.add(entry.origin, entry.name, unknown(entry.name));
}

void ConfigTableFiller::apply_to_option(const Option& option, const TomlEntry& entry) {
  Result<ConfigValue> value = checked(option, entry.value);
  if (!value) return problems_.add(entry.origin, entry.name, value.error().context);
  value->origin = entry.origin;
  table_.set(option.name, *std::move(value));
}

Result<ConfigValue> ConfigTableFiller::checked(const Option& option, const TomlValue& value) {
  if (const auto* text = std::get_if<std::string>(&value); text != nullptr && text->find('$') != std::string::npos) {
    FB_TRY(const std::string replaced, substitute(*text, environment_, files_));
    // A variable may hold a number too: the text form is read by the row's type.
    return check_text(option, replaced);
  }
  if (const auto* items = std::get_if<std::vector<std::string>>(&value)) {
    std::vector<std::string> replaced;
    for (const std::string& item : *items) {
      FB_TRY(std::string one, substitute(item, environment_, files_));
      replaced.push_back(std::move(one));
    }
    return check_toml(option, std::move(replaced));
  }
  return check_toml(option, value);
}

void ConfigTableFiller::apply_text(std::string_view name, std::string_view text, const std::string& origin) {
  const Option* option = find_option(name);
  if (option == nullptr) return problems_.add(origin, name, unknown(name));
  Result<ConfigValue> value = check_text(*option, text);
  if (!value) return problems_.add(origin, name, value.error().context);
  value->origin = origin;
  table_.set(option->name, *std::move(value));
}

void ConfigTableFiller::check_required(const std::string& origin) {
  for (const Option* option : table_.options())
    if (option->required && !table_.has(option->name))
      problems_.add(origin, option->name, "is missing; add it: " + describe_type(*option));
}

const Option* ConfigTableFiller::find_option(std::string_view name) const {
  for (const Option* option : table_.options())
    if (option->name == name) return option;
  return nullptr;
}

bool ConfigTableFiller::is_group(std::string_view name) const {
  return std::any_of(table_.options().begin(), table_.options().end(),
                     [&](const Option* option) { return is_below(option->name, name); });
}

std::string ConfigTableFiller::unknown(std::string_view name) const {
  std::vector<std::string_view> names = table_names_;
  for (const Option* option : table_.options()) {
    names.push_back(option->name);
    const std::size_t dot = option->name.find('.');
    if (dot != std::string_view::npos) names.push_back(option->name.substr(0, dot));
  }
  for (const Option* option : table_.options())
    if (last_part(option->name) == last_part(name))
      return "no such option; did you mean \"" + std::string(option->name) + "\"?";
  const std::string hint = did_you_mean(name, names);
  return "no such option; " + (hint.empty() ? "remove it, or see docs/CONFIG.md for the names" : hint);
}

}  // namespace forebay
