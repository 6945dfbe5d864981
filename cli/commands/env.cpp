#include "cli/commands/env.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace forebay::cli {
namespace {

using Json = nlohmann::ordered_json;

struct EnvFlags {
  std::string data;
};

/// For a POSIX shell: in single quotes, each single quote inside as '\''.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return out + "'";
}

Result<int> env(Session& session, const EnvFlags& flags) {
  SettingsFlags wanted = session.flags;
  if (!flags.data.empty()) wanted.key_file = join_path(flags.data, "admin.key");
  auto settings = load_settings(session.files(), session.environment(), wanted);
  if (!settings && settings.error().code == Errc::not_found)
    return std::move(settings).error().with_context(
        "start the gateway once, it makes its key file; or name another one");
  if (!settings) return std::move(settings).error();
  if (settings->credentials.access_key_id.empty())
    return Error{Errc::not_found,
                 "no access key found: name the gateway's data directory, forebay env --data DIR, or a "
                 "key file, forebay env --key-file FILE"};
  const std::vector<std::pair<std::string, std::string>> variables{
      {"FOREBAY_ENDPOINT", settings->endpoint},
      {"AWS_ENDPOINT_URL", settings->endpoint},
      {"AWS_REGION", settings->region},
      {"AWS_DEFAULT_REGION", settings->region},
      {"AWS_ACCESS_KEY_ID", settings->credentials.access_key_id},
      {"AWS_SECRET_ACCESS_KEY", settings->credentials.secret_access_key},
  };
  if (session.json) {
    Json document = Json::object();
    for (const auto& [name, value] : variables) document[name] = value;
    session.console().out(document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    return 0;
  }
  for (const auto& [name, value] : variables) session.console().out("export " + name + "=" + quoted(value) + "\n");
  session.console().out(
      "# boto3 before 1.28 and AWS CLI before 2.13 do not read AWS_ENDPOINT_URL: give them\n"
      "#   boto3.client(\"kinesis\", endpoint_url=os.environ[\"FOREBAY_ENDPOINT\"])\n"
      "#   aws --endpoint-url \"$FOREBAY_ENDPOINT\" kinesis list-streams\n");
  return 0;
}

}  // namespace

void add_env_command(CLI::App& app, Session& session) {
  CLI::App* const command =
      app.add_subcommand("env", "export lines with endpoint, region and keys, for boto3, AWS CLI and this tool");
  const auto flags = std::make_shared<EnvFlags>();
  command->add_option("--data", flags->data, "data directory of the gateway: the key is read from its admin.key");
  command->footer(
      "Examples:\n"
      "  eval \"$(forebay env --data ./forebay-data)\"\n"
      "  eval \"$(sudo forebay env --data /var/lib/forebay-gateway --endpoint https://gw.example:4567)\"\n"
      "  forebay env --key-file ./team.key --json");
  command->callback([&session, flags] { session.run = [&session, flags] { return env(session, *flags); }; });
}

}  // namespace forebay::cli
