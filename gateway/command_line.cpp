#include "gateway/command_line.h"

#include <iostream>

#include <CLI/CLI.hpp>

#include "base/version.h"
#include "gateway/exit_code.h"

namespace forebay::gateway {
namespace {

using Command = CommandLine::Command;

struct Flags {
  std::string data, listen, admin, auth, certificate, key, key_file;
  std::vector<std::string> settings;
  bool insecure = false;
  bool auto_create = false;
  bool check = false;
  bool docs = false;
  bool failpoints = false;
};

void add_options(CLI::App& app, CommandLine& line, Flags& flags) {
  app.add_option("--data", flags.data, "Folder of streams, keys and journal (data)");
  app.add_option("--listen", flags.listen, "HOST:PORT of the API (listen)");
  app.add_option("--admin", flags.admin, "HOST:PORT of health and metrics (admin)");
  app.add_option("--config", line.config, "Configuration file (TOML); drop-ins are FILE.d/*.toml");
  app.add_option("--set", flags.settings, "One option as name=value; may be repeated")->allow_extra_args(false);
  app.add_option("--auth", flags.auth, "off: take every request unsigned, for development (auth.mode)");
  app.add_option("--key-file", flags.key_file, "One more file of access keys (auth.key_file)");
  app.add_flag("--insecure", flags.insecure, "Allow other machines without TLS or without authentication (insecure)");
  app.add_option("--tls-cert", flags.certificate, "Certificate chain, PEM (tls.certificate_file)");
  app.add_option("--tls-key", flags.key, "Private key, PEM (tls.key_file)");
  app.add_flag("--auto-create-streams", flags.auto_create,
               "Create streams when they are first written to (auto_create_streams)");
  app.add_flag("--check-config", flags.check, "Read the configuration, then end");
  app.add_flag("--print-config-docs", flags.docs, "Print the table of options, then end");
  app.add_flag("--list-failpoints", flags.failpoints, "Print the places where crash tests may end the process");
  app.set_version_flag("--version", "forebay-gateway " + std::string(kVersionText));
}

void take_settings(const Flags& flags, CommandLine& line) {
  for (const std::string& text : flags.settings) {
    auto setting = parse_setting(text);
    if (!setting) {
      std::cerr << "forebay-gateway: " << setting.error().context << "\n";
      line.command = Command::done;
      line.exit_code = static_cast<int>(ExitCode::usage);
      return;
    }
    line.settings.push_back(*std::move(setting));
  }
  const auto take = [&](const char* name, const std::string& value, const char* origin) {
    if (!value.empty()) line.settings.push_back({name, value, origin});
  };
  take("data", flags.data, "--data");
  take("listen", flags.listen, "--listen");
  take("admin", flags.admin, "--admin");
  take("auth.mode", flags.auth, "--auth");
  take("auth.key_file", flags.key_file, "--key-file");
  take("tls.certificate_file", flags.certificate, "--tls-cert");
  take("tls.key_file", flags.key, "--tls-key");
  take("insecure", flags.insecure ? "true" : "", "--insecure");
  take("auto_create_streams", flags.auto_create ? "true" : "", "--auto-create-streams");
}

}  // namespace

CommandLine parse_command_line(int argc, char** argv) {
  CommandLine line;
  Flags flags;
  CLI::App app("Durable streams for devices and data platforms, spoken to by Kinesis clients and Forebay agents.",
               "forebay-gateway");
  add_options(app, line, flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    line.command = Command::done;
    if (error.get_exit_code() == 0) {
      line.exit_code = app.exit(error);
    } else {
      std::cerr << "forebay-gateway: " << error.what() << "\nforebay-gateway --help shows the options\n";
      line.exit_code = static_cast<int>(ExitCode::usage);
    }
    return line;
  }
  if (flags.check) line.command = Command::check_config;
  if (flags.docs) line.command = Command::print_config_docs;
  if (flags.failpoints) line.command = Command::list_failpoints;
  take_settings(flags, line);
  return line;
}

}  // namespace forebay::gateway
