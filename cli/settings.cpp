#include "cli/settings.h"

#include "base/name_values.h"
#include "wire/aws/key_file.h"

namespace forebay::cli {
namespace {

constexpr std::uint64_t kSettingsBytesMax = 64 << 10;
constexpr const char* kDefaultEndpoint = "http://127.0.0.1:4567";
constexpr const char* kDefaultRegion = "us-east-1";
constexpr const char* kLocalKeyFile = "forebay-data/admin.key";

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
  FB_TRY(std::vector<NameValue> lines, parse_name_values(as_text(bytes), path));
  std::map<std::string, std::string> out;
  for (NameValue& line : lines) out[line.name] = std::move(line.value);
  return out;
}

Result<wire::aws::Credentials> read_key_file(FileSystem& files, const std::string& path) {
  auto bytes = read_file(files, path, kSettingsBytesMax);
  if (!bytes) return std::move(bytes).error().with_context("key file " + path);
  return wire::aws::parse_key_file(as_text(*bytes), "key file " + path);
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
