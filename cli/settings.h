#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/file_system.h"
#include "base/result.h"
#include "wire/aws/credentials.h"

namespace forebay::cli {

/// Looks up an environment variable; empty when it is not set. A parameter, so that tests need no real environment.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Where the gateway is and who we are there.
struct Settings {
  std::string endpoint;  ///< "http://127.0.0.1:4567", without a final slash
  std::string region;
  wire::aws::Credentials credentials;  ///< empty key id: requests go unsigned (a gateway with --auth off takes them)
  std::string credentials_from;        ///< file or variable the keys came from, for messages; empty without keys
};

/// What the user gave as flags; empty: not given.
struct SettingsFlags {
  std::string endpoint;
  std::string region;
  std::string key_file;
};

/// Reads ~/.config/forebay: lines as parse_name_values() takes them. Errors  invalid_argument naming file and line;
/// not_found.
Result<std::map<std::string, std::string>> read_settings_file(FileSystem& files, const std::string& path);

/// Reads access_key_id and secret_access_key from a key file.
Result<wire::aws::Credentials> read_key_file(FileSystem& files, const std::string& path);

/// Each value from the first place that has it. Endpoint: flag, FOREBAY_ENDPOINT, AWS_ENDPOINT_URL_KINESIS,
/// AWS_ENDPOINT_URL, the configuration file, http://127.0.0.1:4567. Keys: flag --key-file, FOREBAY_KEY_FILE,
/// AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, the configuration file, ./forebay-data/admin.key.
/// The configuration file is $XDG_CONFIG_HOME/forebay, else ~/.config/forebay: a file, or a folder with a file
/// "config".
Result<Settings> load_settings(FileSystem& files, const Environment& environment, const SettingsFlags& flags);

}  // namespace forebay::cli
