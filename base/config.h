#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/config_schema.h"
#include "base/error.h"
#include "base/units.h"

namespace forebay {

/// A checked value and where it came from.
struct ConfigValue {
  /// string, path, enumeration: text; integer; size: bytes; duration: milliseconds; boolean; list.
  std::variant<std::string, std::int64_t, bool, std::vector<std::string>> value;
  std::string origin;  ///< "agent.toml:12:3", "environment FOREBAY_AGENT_DEVICE", "--set", "default"
  bool given = false;  ///< false: the default

  friend bool operator==(const ConfigValue&, const ConfigValue&) = default;
};

/// Typed values of one table by the names of its rows. Asking for a name that has no row, or by the wrong type, is a bug
/// of ours and asserts. An option without value reads as its type's empty value: "", 0, false, {}.
/// Threads  any (immutable).
class ConfigTable {
 public:
  ConfigTable() = default;
  ConfigTable(std::string variant, std::string origin, std::vector<const Option*> options)
      : variant_(std::move(variant)), origin_(std::move(origin)), options_(std::move(options)) {}

  /// True when given or defaulted.
  [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
  /// True when it stands in a file, the environment or a flag.
  [[nodiscard]] bool given(std::string_view name) const;
  /// For string, path and enumeration.
  [[nodiscard]] const std::string& text(std::string_view name) const;
  [[nodiscard]] std::int64_t integer(std::string_view name) const;
  [[nodiscard]] bool boolean(std::string_view name) const;
  [[nodiscard]] std::uint64_t size(std::string_view name) const;
  [[nodiscard]] Milliseconds duration(std::string_view name) const;
  [[nodiscard]] const std::vector<std::string>& list(std::string_view name) const;

  /// Value of the selector ("file"); empty in the root table.
  [[nodiscard]] const std::string& variant() const { return variant_; }
  /// Where the value came from, or the table when there is no value.
  [[nodiscard]] const std::string& origin(std::string_view name) const;
  /// An error about a value that rows cannot check: "agent.toml:12:3: spool.path: <sentence>".
  [[nodiscard]] Error problem(std::string_view name, std::string_view sentence) const;

  [[nodiscard]] const std::vector<const Option*>& options() const { return options_; }
  [[nodiscard]] const ConfigValue* find(std::string_view name) const;
  void set(std::string_view name, ConfigValue value);

 private:
  const Option& option(std::string_view name) const;
  template <class T>
  const T& get(std::string_view name, std::initializer_list<OptionType> types) const;

  std::string variant_;
  std::string origin_;
  std::vector<const Option*> options_;  ///< rows, owned by the program
  std::map<std::string, ConfigValue, std::less<>> values_;
};

/// The configuration of a program: the root table and the repeated ones.
class Config : public ConfigTable {
 public:
  using ConfigTable::ConfigTable;

  /// In the order of the files. Empty when there is none.
  [[nodiscard]] const std::vector<ConfigTable>& tables(std::string_view name) const;
  void add_table(std::string_view name, ConfigTable table);

  /// The effective configuration as TOML with the origin of each value as a comment; secrets are not shown.
  [[nodiscard]] std::string to_text() const;

 private:
  std::map<std::string, std::vector<ConfigTable>, std::less<>> tables_;
};

}  // namespace forebay
