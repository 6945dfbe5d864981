#include "agent/agent_main.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "agent/agent.h"
#include "agent/command_line.h"
#include "agent/dry_run.h"
#include "agent/host_name.h"
#include "agent/init/machine_scan.h"
#include "agent/source/source_table.h"
#include "agent/uploader/key_file.h"
#include "spool/spool_limit.h"
#include "sys/environment.h"
#include "sys/log_output.h"

namespace forebay::agent {
namespace {

using Command = CommandLine::Command;
constexpr std::string_view kDefaultConfig = "/etc/forebay/agent.toml";
constexpr Milliseconds kDryRunTime{10'000};

int code(ExitCode exit_code) { return static_cast<int>(exit_code); }

int complain(const Error& error, ExitCode exit_code) {
  std::cerr << "forebay-agent: " << error.context << "\n";
  return code(exit_code);
}
int complain(const Error& error) { return complain(error, exit_code_of(error)); }
int complain_of_config(const Error& error) {
  return complain(error, error.code == Errc::not_found ? ExitCode::no_input : ExitCode::config);
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

Result<Config> load(const CommandLine& line, FileSystem& files) {
  ConfigInput input;
  input.path = line.config;
  input.environment = whole_environment();
  input.environment_prefix = "FOREBAY_AGENT_";
  for (const std::string& text : line.settings) {
    FB_TRY(auto setting, parse_setting(text));
    input.settings.push_back(std::move(setting));
  }
  const auto flag = [&](const char* name, const std::string& value, const char* origin) {
    if (!value.empty()) input.settings.push_back({name, value, origin});
  };
  flag("gateway.url", line.gateway, "--gateway");
  flag("gateway.key_file", line.key_file, "--key-file");
  flag("spool.path", line.spool, "--spool");
  flag("device", line.device, "--device");
  return load_config(files, agent_schema(), input);
}

/// Under systemd the key stands where LoadCredential= put it, if the unit names a credential like the file.
void prefer_credential(AgentOptions& options) {
  const std::string folder = environment("CREDENTIALS_DIRECTORY");
  const std::string& file = options.gateway.key_file;
  if (folder.empty() || file.empty()) return;
  const std::string credential = join_path(folder, file.substr(file.find_last_of('/') + 1));
  if (::access(credential.c_str(), R_OK) == 0) options.gateway.key_file = credential;
}

int check_config(const AgentOptions& options) {
  if (!options.gateway.key_file.empty())
    if (auto key = read_key_file(options.gateway.key_file); !key) return complain(key.error(), ExitCode::config);
  std::cout << "the configuration is good: " << options.sources.size() << " sources, spool " << options.spool_path
            << ", gateway " << options.gateway.url << "\n";
  return code(ExitCode::ok);
}

int dry_run(AgentOptions options, Logger logger) {
  if (options.device.empty()) {
    auto name = host_name();
    if (!name) return complain(name.error());
    options.device = *std::move(name);
  }
  SystemClock clock;
  boost::asio::io_context loop{1};
  DryRunIntake intake;
  SystemEntropy entropy;
  BlockingPool pool(1, options.sources.size() + 1);
  const SourceContext context{.loop = loop, .clock = clock, .entropy = entropy, .log = logger, .device = options.device,
                              .make_watcher = [] { return std::make_unique<InotifyFileWatcher>(); },
                              .blocking = [&]() -> BlockingPool& { return pool; },
                              .record_bytes_max = spool::spool_sizes(options.spool).record_bytes_max};
  std::vector<std::unique_ptr<Source>> sources;
  for (std::size_t i = 0; i < options.sources.size(); ++i) {
    auto source = make_source(*options.sources[i], i + 1, context);
    if (!source) return complain(source.error());
    if (options.sources[i]->variant() == "mqtt") {
      std::cout << (*source)->status().name
                << ": not tried, because it would take the session of this client_id from a "
                << "running agent; watch its topics with mosquitto_sub\n";
      continue;
    }
    sources.push_back(*std::move(source));
  }
  if (sources.empty() && !options.sources.empty())
    return complain({Errc::unsupported, "--dry-run shows files, sensors and standard input; there is no such source"});
  std::size_t running = sources.size();
  for (auto& source : sources) {
    auto started = source->start(intake, {}, true, [&] {
      if (--running == 0) loop.stop();
    });
    if (!started) return complain(started.error());
  }
  if (running > 0) loop.run_for(kDryRunTime);
  for (auto& source : sources) source->stop();
  std::cout << intake.text();
  return code(ExitCode::ok);
}

int run(const CommandLine& line) {
  PosixFileSystem files;
  auto config = load(line, files);
  if (!config) return complain_of_config(config.error());
  if (line.read_stdin) add_stdin_source(*config, line.stream, line.key);
  auto options = agent_options(*config);
  if (!options) return complain(options.error(), ExitCode::config);
  prefer_credential(*options);
  if (line.command == Command::check_config) return check_config(*options);
  SystemClock clock;
  FdLogOutput log(clock, LogOutputOptions::for_stderr());
  if (line.command == Command::dry_run) return dry_run(*options, Logger(log, "agent", options->log_level));
  Failpoints failpoints;
  if (auto armed = failpoints.arm(environment("FOREBAY_FAILPOINT")); !armed)
    return complain(armed.error(), ExitCode::usage);
  // Standard input alone ends, and the program with it.
  const bool only_stdin = line.read_stdin && options->sources.size() == 1;
  Agent agent(*options, {line.once || only_stdin, line.timeout}, log, failpoints);
  return code(agent.run());
}

int init(const CommandLine& line) {
  const std::string text = init_text(scan_machine("/"));
  if (line.output.empty()) {
    std::cout << text;
    return code(ExitCode::ok);
  }
  PosixFileSystem files;
  auto file = files.open(line.output, OpenMode::create_new);
  if (!file) return complain(std::move(file).error(), ExitCode::cannot_create);
  for (auto step : {+[](File& f, ByteView b) { return f.write_at(0, b); },
                    +[](File& f, ByteView) { return f.sync_data(); }})
    if (auto done = step(**file, as_bytes(text)); !done) return complain(done.error(), ExitCode::cannot_create);
  std::cout << "wrote " << line.output << "; next: put a key beside it and run forebay-agent --config " << line.output
            << " --check-config\n";
  return code(ExitCode::ok);
}

int status(const CommandLine& line) {
  std::string spool = line.spool;
  if (spool.empty()) {
    PosixFileSystem files;
    CommandLine with_default = line;
    if (with_default.config.empty()) with_default.config = kDefaultConfig;
    auto config = load(with_default, files);
    if (!config) return complain_of_config(config.error());
    spool = config->text("spool.path");
  }
  auto text = read_status_socket(status_socket_path(spool));
  if (!text) return complain(text.error());
  if (line.json) {
    std::cout << *text;
    return code(ExitCode::ok);
  }
  auto page = status_page(*text);
  if (!page) return complain(page.error());
  std::cout << *page;
  return code(ExitCode::ok);
}

}  // namespace

int agent_main(int argc, char** argv) {
  const CommandLine line = parse_command_line(argc, argv);
  switch (line.command) {
    case Command::done: return line.exit_code;
    case Command::init: return init(line);
    case Command::status: return status(line);
    case Command::print_config_docs:
      std::cout << options_markdown(agent_schema());
      return code(ExitCode::ok);
    case Command::list_failpoints:
      for (const FailpointRow& row : Failpoints::rows()) std::cout << row.name << "  " << row.where << "\n";
      return code(ExitCode::ok);
    case Command::run:
    case Command::check_config:
    case Command::dry_run: return run(line);
  }
  FB_UNREACHABLE();
}

}  // namespace forebay::agent
