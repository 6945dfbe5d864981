#include "base/config_file.h"

#include <algorithm>
#include <cctype>

#include "base/closest_name.h"
#include "base/config_problems.h"
#include "base/config_substitution.h"
#include "base/config_table_filler.h"
#include "base/toml_guard.h"
#include "base/toml_reader.h"

namespace forebay {
namespace {

std::string environment_name(std::string_view prefix, std::string_view option) {
  std::string name(prefix);
  for (const char c : option) name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

std::vector<const Option*> pointers(std::span<const Option> options) {
  std::vector<const Option*> all;
  for (const Option& option : options) all.push_back(&option);
  return all;
}

std::vector<std::string_view> table_names(const ConfigSchema& schema) {
  std::vector<std::string_view> names;
  for (const OptionTable& table : schema.tables) names.push_back(table.name);
  return names;
}

class Loader {
 public:
  Loader(FileSystem& files, const ConfigSchema& schema, const ConfigInput& input)
      : files_(files),
        schema_(schema),
        input_(input),
        root_("", input.path.empty() ? "configuration" : input.path, pointers(schema.options)),
        filler_(root_, input.environment, files, problems_, table_names(schema)) {}

  Result<Config> load() {
    filler_.set_defaults();
    FB_CHECK(apply_files());
    apply_environment();
    for (const ConfigSetting& setting : input_.settings)
      filler_.apply_text(setting.name, setting.value, setting.origin);
    for (const auto& [name, table] : tables_) add_table(name, table);
    filler_.check_required(input_.path.empty() ? "configuration" : input_.path);
    if (!problems_.empty()) return problems_.to_error();
    return std::move(root_);
  }

 private:
  Result<void> apply_files() {
    if (input_.path.empty()) return {};
    FB_CHECK(apply_file(input_.path));
    const std::string folder = input_.path + ".d";
    FB_TRY(const auto info, files_.stat(folder));
    if (!input_.drop_ins || !info || !info->is_directory) return {};
    FB_TRY(const std::vector<std::string> names, files_.list(folder));
    for (const std::string& name : names)
      if (name.ends_with(".toml") && !name.starts_with('.')) FB_CHECK(apply_file(join_path(folder, name)));
    return {};
  }

  Result<void> apply_file(const std::string& path) {
    Result<Buffer> bytes = read_file(files_, path, kTomlFileBytesMax);
    if (!bytes && bytes.error().code == Errc::too_large) {
      problems_.add(path + ":1:1: file is larger than 256 KiB; split it into drop-ins in " + input_.path + ".d/");
      return {};
    }
    if (!bytes) return std::move(bytes).error().with_context("configuration");
    Result<TomlDocument> document = read_toml(as_text(*bytes), path);
    if (!document) {
      problems_.add(document.error().context);
      return {};
    }
    filler_.apply(document->root.entries);
    for (auto& table : document->tables) tables_.push_back(std::move(table));
    return {};
  }

  void apply_environment() {
    if (input_.environment_prefix.empty()) return;
    for (const auto& [key, value] : input_.environment) {
      if (!key.starts_with(input_.environment_prefix)) continue;
      const Option* match = nullptr;
      std::vector<std::string> names;
      for (const Option& option : schema_.options) {
        names.push_back(environment_name(input_.environment_prefix, option.name));
        if (names.back() == key) match = &option;
      }
      if (match != nullptr)
        filler_.apply_text(match->name, value, "environment " + key);
      else
        unknown_variable(key, names);
    }
  }

  void unknown_variable(const std::string& key, const std::vector<std::string>& names) {
    const std::string hint = did_you_mean(key, std::vector<std::string_view>(names.begin(), names.end()));
    problems_.add("environment", key, "no such option; " + (hint.empty() ? "unset it" : hint));
  }

  void add_table(const std::string& name, const TomlTable& from) {
    const auto found = std::find_if(schema_.tables.begin(), schema_.tables.end(),
                                    [&](const OptionTable& table) { return table.name == name; });
    if (found == schema_.tables.end()) return problems_.add(from.origin, "[[" + name + "]]", filler_.unknown(name));
    if (root_.tables(name).size() == found->rows_max)
      return problems_.add(from.origin, "[[" + name + "]]",
                           "more than " + std::to_string(found->rows_max) + " of them; remove some");
    std::string variant;
    if (!found->selector.empty() && !read_selector(*found, from, variant)) return;
    ConfigTable table(variant, from.origin, options_of(*found, variant));
    ConfigTableFiller filler(table, input_.environment, files_, problems_);
    filler.set_defaults();
    filler.apply(without_selector(from.entries, found->selector));
    filler.check_required(from.origin);
    root_.add_table(name, std::move(table));
  }

  static std::vector<TomlEntry> without_selector(std::vector<TomlEntry> entries, std::string_view selector) {
    std::erase_if(entries, [&](const TomlEntry& entry) { return !selector.empty() && entry.name == selector; });
    return entries;
  }

  bool read_selector(const OptionTable& table, const TomlTable& from, std::string& variant) {
    const auto entry = std::find_if(from.entries.begin(), from.entries.end(),
                                    [&](const TomlEntry& e) { return e.name == table.selector; });
    std::string allowed;
    std::vector<std::string_view> names;
    for (const OptionVariant& one : table.variants) {
      allowed += (allowed.empty() ? "\"" : ", \"") + std::string(one.name) + "\"";
      names.push_back(one.name);
    }
    const std::string label = std::string(table.name) + "." + std::string(table.selector);
    if (entry == from.entries.end()) {
      problems_.add(from.origin, label, "is missing; add it: one of " + allowed);
      return false;
    }
    const auto* text = std::get_if<std::string>(&entry->value);
    if (text != nullptr && std::find(names.begin(), names.end(), *text) != names.end()) {
      variant = *text;
      return true;
    }
    const std::string hint = text == nullptr ? "" : did_you_mean(*text, names);
    problems_.add(entry->origin, label, "must be one of " + allowed + (hint.empty() ? "" : "; " + hint));
    return false;
  }

  FileSystem& files_;
  const ConfigSchema& schema_;
  const ConfigInput& input_;
  ConfigProblems problems_{kConfigProblemsMax};
  Config root_;
  ConfigTableFiller filler_;
  std::vector<std::pair<std::string, TomlTable>> tables_;
};

}  // namespace

Result<Config> load_config(FileSystem& files, const ConfigSchema& schema, const ConfigInput& input) {
  return Loader(files, schema, input).load();
}

Result<ConfigSetting> parse_setting(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string_view::npos)
    return Error{Errc::invalid_argument, "--set " + std::string(text) + ": write it as --set name=value"};
  return ConfigSetting{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)),
                       "--set " + std::string(text.substr(0, equals))};
}

}  // namespace forebay
