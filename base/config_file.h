#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/config.h"
#include "base/file_system.h"
#include "base/result.h"

namespace forebay {

/// One value from a command line flag. Origin is what the user typed: "--set spool.max_size=1GiB" or "--listen".
struct ConfigSetting {
  std::string name;
  std::string value;
  std::string origin;
};

struct ConfigInput {
  std::string path = {};  ///< TOML file; empty: none
  /// Drop-ins are `<path>.d/*.toml`, in name order, each over the one before; repeated tables add up.
  bool drop_ins = true;
  /// The process's environment; used by `${NAME}` and for options: "FOREBAY_AGENT_SPOOL_MAX_SIZE" is spool.max_size.
  std::vector<std::pair<std::string, std::string>> environment = {};
  std::string environment_prefix = {};  ///< "FOREBAY_AGENT_"; empty: no options from the environment
  std::vector<ConfigSetting> settings = {};
};

/// Reads everything and checks it against the schema. Later wins: defaults, file, drop-ins, environment, settings.
/// Strings may hold `${NAME}`, `${NAME:-default}` and `${file:/path}` (its first line ends trimmed); `$$` is one `$`.
/// Errors  invalid_argument: every problem, one per line as "file:line:column: what; remedy", at most
///         kConfigProblemsMax of them. not_found: the file does not exist. The `schema` must outlive the result.
Result<Config> load_config(FileSystem& files, const ConfigSchema& schema, const ConfigInput& input);
inline constexpr std::size_t kConfigProblemsMax = 20;

/// Splits "name=value" of a --set flag. Errors  invalid_argument.
Result<ConfigSetting> parse_setting(std::string_view text);

}  // namespace forebay
