#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace forebay {

/// A table where an option's value or the next part of a dotted name stands.
struct TomlTableMark {};
/// Something no option takes: a date, a float, an array of mixed things. Holds its name for people.
struct TomlOther {
  std::string kind;
};
using TomlValue = std::variant<std::string, std::int64_t, bool, std::vector<std::string>, TomlTableMark, TomlOther>;

struct TomlEntry {
  std::string name;  ///< dotted path
  TomlValue value;
  std::string origin;  ///< "file:line:column"
  std::uint32_t line = 0;
};

/// One table with everything below it flattened to dotted names, in the order of the file.
struct TomlTable {
  std::string origin;
  std::vector<TomlEntry> entries;
};

struct TomlDocument {
  TomlTable root;
  /// `[[name]]` tables in the order of the file; only at the top level.
  std::vector<std::pair<std::string, TomlTable>> tables;
};

/// Parses guarded TOML (toml++ behind this file). `file` is for origins and errors.
/// Errors  invalid_argument: "file:line:column: what".
Result<TomlDocument> read_toml(std::string_view text, const std::string& file);

}  // namespace forebay
