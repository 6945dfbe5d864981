#include "base/config.h"

#include <algorithm>

#include "base/assert.h"
#include "base/units_text.h"

namespace forebay {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out + '"';
}

struct ValueText {
  const Option& option;
  std::string operator()(const std::string& v) const { return quoted(v); }
  std::string operator()(bool v) const { return v ? "true" : "false"; }
  std::string operator()(std::int64_t v) const {
    if (option.type == OptionType::size) return quoted(format_size(static_cast<std::uint64_t>(v)));
    if (option.type == OptionType::duration) return quoted(format_duration(Milliseconds(v)));
    return std::to_string(v);
  }
  std::string operator()(const std::vector<std::string>& v) const {
    std::string out = "[";
    for (const std::string& item : v) out += (out.size() > 1 ? ", " : "") + quoted(item);
    return out + "]";
  }
};

void append_values(std::string& out, const ConfigTable& table) {
  for (const Option* option : table.options()) {
    const ConfigValue* value = table.find(option->name);
    if (value == nullptr) continue;
    out += std::string(option->name) + " = ";
    out += option->secret ? "\"(not shown)\"" : std::visit(ValueText{*option}, value->value);
    out += "  # " + value->origin + "\n";
  }
}

}  // namespace

const Option& ConfigTable::option(std::string_view name) const {
  const auto found =
      std::find_if(options_.begin(), options_.end(), [&](const Option* option) { return option->name == name; });
  FB_ASSERT(found != options_.end());
  return **found;
}

const ConfigValue* ConfigTable::find(std::string_view name) const {
  (void)option(name);
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

void ConfigTable::set(std::string_view name, ConfigValue value) {
  (void)option(name);
  values_.insert_or_assign(std::string(name), std::move(value));
}

template <class T>
const T& ConfigTable::get(std::string_view name, std::initializer_list<OptionType> types) const {
  static const T kNothing{};
  FB_ASSERT(std::find(types.begin(), types.end(), option(name).type) != types.end());
  const ConfigValue* value = find(name);
  return value == nullptr ? kNothing : std::get<T>(value->value);
}

bool ConfigTable::given(std::string_view name) const {
  const ConfigValue* value = find(name);
  return value != nullptr && value->given;
}

const std::string& ConfigTable::text(std::string_view name) const {
  return get<std::string>(name, {OptionType::string, OptionType::path, OptionType::enumeration});
}

std::int64_t ConfigTable::integer(std::string_view name) const {
  return get<std::int64_t>(name, {OptionType::integer});
}

bool ConfigTable::boolean(std::string_view name) const { return get<bool>(name, {OptionType::boolean}); }

std::uint64_t ConfigTable::size(std::string_view name) const {
  return static_cast<std::uint64_t>(get<std::int64_t>(name, {OptionType::size}));
}

Milliseconds ConfigTable::duration(std::string_view name) const {
  return Milliseconds(get<std::int64_t>(name, {OptionType::duration}));
}

const std::vector<std::string>& ConfigTable::list(std::string_view name) const {
  return get<std::vector<std::string>>(name, {OptionType::string_list});
}

const std::string& ConfigTable::origin(std::string_view name) const {
  const ConfigValue* value = find(name);
  return value == nullptr ? origin_ : value->origin;
}

Error ConfigTable::problem(std::string_view name, std::string_view sentence) const {
  return Error{Errc::invalid_argument, origin(name) + ": " + std::string(name) + ": " + std::string(sentence)};
}

const std::vector<ConfigTable>& Config::tables(std::string_view name) const {
  static const std::vector<ConfigTable> kNone;
  const auto found = tables_.find(name);
  return found == tables_.end() ? kNone : found->second;
}

void Config::add_table(std::string_view name, ConfigTable table) {
  tables_[std::string(name)].push_back(std::move(table));
}

std::string Config::to_text() const {
  std::string out;
  append_values(out, *this);
  for (const auto& [name, all] : tables_)
    for (const ConfigTable& table : all) {
      out += "\n[[" + name + "]]\n";
      append_values(out, table);
    }
  return out;
}

}  // namespace forebay
