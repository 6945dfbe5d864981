#pragma once

#include "base/config.h"
#include "base/config_problems.h"
#include "base/config_substitution.h"
#include "base/toml_reader.h"

namespace forebay {

/// Puts values into one table: finds the row, substitutes, checks, remembers the origin, and reports what is wrong.
class ConfigTableFiller {
 public:
  /// `table_names`: repeated tables that may stand beside the options (root only).
  ConfigTableFiller(ConfigTable& table, const Environment& environment, FileSystem& files, ConfigProblems& problems,
                    std::vector<std::string_view> table_names = {});

  void set_defaults();
  /// Entries of one TOML table, in order.
  void apply(const std::vector<TomlEntry>& entries);
  /// A value given as text, from the environment or a flag.
  void apply_text(std::string_view name, std::string_view value, const std::string& origin);
  void check_required(const std::string& origin);

  [[nodiscard]] const Option* find_option(std::string_view name) const;
  /// "no such option; did you mean ...?"
  [[nodiscard]] std::string unknown(std::string_view name) const;

 private:
  void apply_entry(const TomlEntry& entry);
  void apply_to_option(const Option& option, const TomlEntry& entry);
  bool is_group(std::string_view name) const;
  Result<ConfigValue> checked(const Option& option, const TomlValue& value);

  ConfigTable& table_;
  const Environment& environment_;
  FileSystem& files_;
  ConfigProblems& problems_;
  std::vector<std::string_view> table_names_;
};

}  // namespace forebay
