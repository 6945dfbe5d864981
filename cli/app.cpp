#include "cli/app.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/version.h"
#include "cli/commands/completion.h"
#include "cli/commands/delivery.h"
#include "cli/commands/env.h"
#include "cli/commands/key.h"
#include "cli/commands/manifest.h"
#include "cli/commands/put.h"
#include "cli/commands/spool.h"
#include "cli/commands/stream.h"
#include "cli/commands/tail.h"

namespace forebay::cli {
namespace {

constexpr int kUsage = 64;

void add_shared_flags(CLI::App& app, Session& session) {
  app.add_option("--endpoint", session.flags.endpoint, "gateway, e.g. http://127.0.0.1:4567 (FOREBAY_ENDPOINT)");
  app.add_option("--region", session.flags.region, "region to sign for (AWS_REGION; default us-east-1)");
  app.add_option("--key-file", session.flags.key_file,
                 "file with access_key_id and secret_access_key (FOREBAY_KEY_FILE)");
  app.add_flag("--json", session.json, "print JSON");
  app.add_flag("--no-color", session.color_off, "no colour, also on a terminal (NO_COLOR)");
}

/// Parses; an exit code when there is nothing to run (help, or wrong usage).
std::optional<int> parse(CLI::App& app, Console& console, std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
  try {
    app.parse(std::move(arguments));
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, err;
    const int code = app.exit(error, out, err);
    console.out(out.str());
    console.err(err.str());
    console.flush();
    return code == 0 ? 0 : kUsage;
  }
}

void report(const Session& session, const Error& error) {
  if (session.json)
    session.console().err(nlohmann::ordered_json{{"error", to_string(error.code)}, {"message", error.context}}.dump(
                              -1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) +
                          "\n");
  else
    session.console().err("forebay: " + error.context + "\n");
}

}  // namespace

int exit_code_of(Errc code) {
  switch (code) {
    case Errc::invalid_argument: return kUsage;
    case Errc::corrupt: return 65;
    case Errc::not_found: return 66;
    case Errc::unavailable: return 69;
    case Errc::already_exists: return 73;
    case Errc::permission: return 77;
    case Errc::cancelled: return 130;
    case Errc::timed_out:
    case Errc::conflict: return 75;
    default: return 74;
  }
}

int run_app(const World& world, std::vector<std::string> arguments) {
  Session session(world);
  CLI::App app("The operator's command line of Forebay: streams, records, delivery, spools.", "forebay");
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", "forebay " + std::string(kVersionText));
  add_shared_flags(app, session);
  add_stream_command(app, session);
  add_put_command(app, session);
  add_tail_command(app, session);
  add_delivery_command(app, session);
  add_manifest_command(app, session);
  add_key_command(app, session);
  add_spool_command(app, session);
  add_env_command(app, session);
  add_completion_command(app, session);
  app.footer(
      "Examples:\n"
      "  eval \"$(forebay env --data ./forebay-data)\"    endpoint, region and keys into this shell\n"
      "  forebay stream create web --shards 2\n"
      "  forebay put web 'hello'\n"
      "  forebay tail web --from start\n"
      "  forebay delivery create web-lake --from web --bucket lake\n"
      "Certificates for https:// are the system's, or those of FOREBAY_CA_FILE.\n"
      "Help of one command: forebay tail --help");
  if (const auto code = parse(app, world.console, std::move(arguments))) return *code;
  const Result<int> outcome = session.run();
  world.console.flush();
  if (outcome) return *outcome;
  if (outcome.error().code == Errc::cancelled && world.console.interrupted()) return exit_code_of(Errc::cancelled);
  report(session, outcome.error());
  return exit_code_of(outcome.error().code);
}

}  // namespace forebay::cli
