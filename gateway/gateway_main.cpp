#include "gateway/gateway_main.h"

#include <iostream>

#include "gateway/command_line.h"
#include "gateway/exit_code.h"
#include "gateway/gateway.h"
#include "gateway/gateway_options.h"
#include "gateway/log/failpoint.h"
#include "sys/environment.h"
#include "sys/log_output.h"
#include "sys/posix_file_system.h"
#include "sys/system_clock.h"

namespace forebay::gateway {
namespace {

using Command = CommandLine::Command;

int complain(const Error& error, ExitCode code) {
  std::cerr << "forebay-gateway: " << error.context << "\n";
  return static_cast<int>(code);
}

int run(const CommandLine& line) {
  PosixFileSystem files;
  ConfigInput input;
  input.path = line.config;
  input.environment = whole_environment();
  input.environment_prefix = "FOREBAY_GATEWAY_";
  input.settings = line.settings;
  const auto read_options = [&files, &input]() -> Result<GatewayOptions> {
    FB_TRY(const Config config, load_config(files, gateway_schema(), input));
    return gateway_options(config);
  };
  auto options = read_options();
  if (!options) return complain(options.error(), ExitCode::config);
  if (line.command == Command::check_config) {
    if (auto checked = check_files(files, *options); !checked)
      return complain(checked.error(), exit_code_of(checked.error()));
    std::cout << "the configuration is good: data " << options->data << ", listen " << options->listen.host << ":"
              << options->listen.port << "\n";
    return 0;
  }
  SystemClock clock;
  FdLogOutput log(clock, LogOutputOptions::for_stderr());
  Gateway gateway(*options, read_options, files, clock, log);
  return static_cast<int>(gateway.run());
}

}  // namespace

int gateway_main(int argc, char** argv) {
  const CommandLine line = parse_command_line(argc, argv);
  switch (line.command) {
    case Command::done: return line.exit_code;
    case Command::print_config_docs: std::cout << options_markdown(gateway_schema()); return 0;
    case Command::list_failpoints:
      for (const std::string_view name : log::failpoint_names()) std::cout << name << "\n";
      return 0;
    case Command::run:
    case Command::check_config: return run(line);
  }
  return static_cast<int>(ExitCode::internal);
}

}  // namespace forebay::gateway
