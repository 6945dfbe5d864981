#include "agent/command_line.h"

#include <iostream>

#include <CLI/CLI.hpp>

#include "agent/exit_code.h"
#include "base/units_text.h"

namespace forebay::agent {
namespace {

using Command = CommandLine::Command;

void add_run_options(CLI::App& app, CommandLine& line, std::string& timeout, bool& check, bool& dry) {
  app.add_option("--config", line.config, "Configuration file (TOML); drop-ins are FILE.d/*.toml");
  app.add_option("--set", line.settings, "One option as name=value; may be repeated")->allow_extra_args(false);
  auto* checks = app.add_flag("--check-config", check, "Read the configuration and the key, then end");
  app.add_flag("--dry-run", dry, "Open the sources and show the first records; send nothing")->excludes(checks);
  auto* once = app.add_flag("--once", line.once, "Read to the present end, upload, end; 0: nothing is left to send");
  app.add_option("--timeout", timeout, "With --once: give up after this time, as \"5 min\"; exit code 75")->needs(once);
  auto* read_stdin = app.add_flag("--stdin", line.read_stdin, "Read lines from standard input");
  auto* stream = app.add_option("--stream", line.stream, "Stream of standard input")->needs(read_stdin);
  read_stdin->needs(stream);
  app.add_option("--key", line.key, "Partition key template of standard input")->needs(read_stdin);
  app.add_option("--gateway", line.gateway, "Gateway's URL (gateway.url)");
  app.add_option("--key-file", line.key_file, "File with the access key (gateway.key_file)");
  app.add_option("--spool", line.spool, "Folder of the spool (spool.path)");
  app.add_option("--device", line.device, "Name of this device (device)");
}

int usage_error(const std::string& text) {
  std::cerr << "forebay-agent: " << text << "\nforebay-agent --help shows the options\n";
  return static_cast<int>(ExitCode::usage);
}

/// What the options mean together.
void check_together(CommandLine& line, const std::string& timeout) {
  const auto wrong = [&](const std::string& text) {
    line.command = Command::done;
    line.exit_code = usage_error(text);
  };
  if (!timeout.empty()) {
    line.timeout = parse_duration(timeout);
    if (!line.timeout) return wrong("--timeout \"" + timeout + "\" is not a duration as \"30 s\" or \"5 min\"");
  }
  const bool runs = line.command == Command::run || line.command == Command::dry_run ||
                    line.command == Command::check_config;
  if (runs && line.config.empty() && line.gateway.empty())
    return wrong("either --config FILE or --gateway URL is needed");
}

}  // namespace

CommandLine parse_command_line(int argc, char** argv) {
  CommandLine line;
  std::string timeout;
  bool check = false, dry = false, docs = false, failpoints = false;
  CLI::App app("Collects records of this machine into a durable spool and uploads them to a Forebay gateway.",
               "forebay-agent");
  app.set_version_flag("--version", std::string("forebay-agent ") + FOREBAY_VERSION);
  add_run_options(app, line, timeout, check, dry);
  app.add_flag("--print-config-docs", docs, "Print all options as Markdown");
  app.add_flag("--list-failpoints", failpoints, "Print where FOREBAY_FAILPOINT=name:count may end the process")
      ->group("");
  app.require_subcommand(0, 1);
  auto* init = app.add_subcommand("init", "Write a configuration with the logs and sensors found on this machine");
  init->add_option("--output", line.output, "File to write; it must not exist (default: standard output)");
  auto* status = app.add_subcommand("status", "Show what the running agent does");
  status->add_flag("--json", line.json, "As JSON");
  status->add_option("--config", line.config, "Configuration of that agent (default: /etc/forebay/agent.toml)");
  status->add_option("--spool", line.spool, "Or its spool folder");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    line.command = Command::done;
    const int code = app.exit(e);
    line.exit_code = code == 0 ? 0 : static_cast<int>(ExitCode::usage);
    return line;
  }
  if (*init) line.command = Command::init;
  else if (*status) line.command = Command::status;
  else if (docs) line.command = Command::print_config_docs;
  else if (failpoints) line.command = Command::list_failpoints;
  else if (check) line.command = Command::check_config;
  else if (dry) line.command = Command::dry_run;
  check_together(line, timeout);
  return line;
}

}  // namespace forebay::agent
