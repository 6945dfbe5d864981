#include "cli/settings.h"

namespace forebay::cli {
namespace {

constexpr std::uint64_t kSettingsBytesMax = 64 << 10;
constexpr const char* kDefaultEndpoint = "http://127.0.0.1:4567";
constexpr const char* kDefaultRegion = "us-east-1";
constexpr const char* kLocalKeyFile = "forebay-data/admin.key";

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// The value without quotes, or nothing when the line is malformed.
std::optional<std::string> value_of(std::string_view text) {
  if (!text.empty() && text.front() == '"') {
    const auto end = text.find('"', 1);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view rest = trim(text.substr(end + 1));
    if (!rest.empty() && rest.front() != '#') return std::nullopt;
    return std::string(text.substr(1, end - 1));
  }
  return std::string(trim(text.substr(0, text.find('#'))));
}

Result<void> read_line(std::string_view line, const std::string& place, std::map<std::string, std::string>& out) {
  line = trim(line);
  if (line.empty() || line.front() == '#' || line.front() == '[') return {};
  const auto equals = line.find('=');
  const auto value = equals == std::string_view::npos ? std::nullopt : value_of(trim(line.substr(equals + 1)));
  if (!value) return Error{Errc::invalid_argument, place + ": expected a line like: name = \"value\""};
  out[std::string(trim(line.substr(0, equals)))] = *value;
  return {};
}

std::string value_or_empty(const std::map<std::string, std::string>& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? std::string() : found->second;
}

/// Path of the user's configuration file; empty when there is none.
Result<std::string> configuration_path(FileSystem& files, const Environment& environment) {
  std::string path;
  if (const auto folder = environment("XDG_CONFIG_HOME"); folder && !folder->empty())
    path = join_path(*folder, "forebay");
  else if (const auto home = environment("HOME"); home && !home->empty())
    path = join_path(*home, ".config/forebay");
  if (path.empty()) return std::string();
  FB_TRY(auto info, files.stat(path));
  if (info && info->is_directory) {
    path = join_path(path, "config");
    FB_TRY(info, files.stat(path));
  }
  return info ? path : std::string();
}

std::string first_of(std::initializer_list<std::string> values) {
  for (const auto& value : values)
    if (!value.empty()) return value;
  return {};
}

Result<void> load_keys(FileSystem& files, const Environment& environment, const SettingsFlags& flags,
                       const std::map<std::string, std::string>& config, const std::string& config_path,
                       Settings& out) {
  const auto variable = [&](const char* name) { return environment(name).value_or(""); };
  std::string key_file = first_of({flags.key_file, variable("FOREBAY_KEY_FILE")});
  if (key_file.empty() && !variable("AWS_ACCESS_KEY_ID").empty()) {
    out.credentials = {variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"), variable("AWS_SESSION_TOKEN")};
    out.credentials_from = "AWS_ACCESS_KEY_ID";
    if (out.credentials.secret_access_key.empty())
      return Error{Errc::invalid_argument,
                   "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not: set both or neither"};
    return {};
  }
  if (key_file.empty() && !value_or_empty(config, "access_key_id").empty()) {
    out.credentials = {value_or_empty(config, "access_key_id"), value_or_empty(config, "secret_access_key"), {}};
    out.credentials_from = config_path;
    return {};
  }
  if (key_file.empty()) key_file = value_or_empty(config, "key_file");
  if (key_file.empty()) {
    FB_TRY(const auto local, files.stat(kLocalKeyFile));
    if (!local) return {};
    key_file = kLocalKeyFile;
  }
  FB_TRY(out.credentials, read_key_file(files, key_file));
  out.credentials_from = key_file;
  return {};
}

}  // namespace

Result<std::map<std::string, std::string>> read_settings_file(FileSystem& files, const std::string& path) {
  FB_TRY(const auto bytes, read_file(files, path, kSettingsBytesMax));
  std::map<std::string, std::string> out;
  std::string_view text = as_text(bytes);
  for (std::size_t line = 1; !text.empty(); ++line) {
    const auto end = text.find('\n');
    FB_CHECK(read_line(text.substr(0, end), path + ":" + std::to_string(line), out));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return out;
}

Result<wire::aws::Credentials> read_key_file(FileSystem& files, const std::string& path) {
  auto values = read_settings_file(files, path);
  if (!values) return std::move(values).error().with_context("key file " + path);
  wire::aws::Credentials keys{value_or_empty(*values, "access_key_id"), value_or_empty(*values, "secret_access_key"),
                              value_or_empty(*values, "session_token")};
  if (keys.access_key_id.empty() || keys.secret_access_key.empty())
    return Error{Errc::invalid_argument, "key file " + path +
                                             ": access_key_id or secret_access_key is missing; the gateway writes both "
                                             "into DATA/admin.key at its first start"};
  return keys;
}

Result<Settings> load_settings(FileSystem& files, const Environment& environment, const SettingsFlags& flags) {
  FB_TRY(const std::string config_path, configuration_path(files, environment));
  std::map<std::string, std::string> config;
  if (!config_path.empty()) {
    FB_TRY(config, read_settings_file(files, config_path));
  }
  const auto variable = [&](const char* name) { return environment(name).value_or(""); };
  Settings out;
  out.endpoint = first_of({flags.endpoint, variable("FOREBAY_ENDPOINT"), variable("AWS_ENDPOINT_URL_KINESIS"),
                           variable("AWS_ENDPOINT_URL"), value_or_empty(config, "endpoint"), kDefaultEndpoint});
  if (out.endpoint.find("://") == std::string::npos) out.endpoint = "http://" + out.endpoint;
  while (out.endpoint.ends_with('/')) out.endpoint.pop_back();
  if (!out.endpoint.starts_with("http://") && !out.endpoint.starts_with("https://"))
    return Error{Errc::invalid_argument, "endpoint " + out.endpoint + ": must begin with http:// or https://"};
  out.region = first_of({flags.region, variable("AWS_REGION"), variable("AWS_DEFAULT_REGION"),
                         value_or_empty(config, "region"), kDefaultRegion});
  FB_CHECK(load_keys(files, environment, flags, config, config_path, out));
  return out;
}

}  // namespace forebay::cli
