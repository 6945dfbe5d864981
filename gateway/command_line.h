#pragma once

#include <string>
#include <vector>

#include "base/config_file.h"

namespace forebay::gateway {

/// What the command line asks for.
struct CommandLine {
  enum class Command : std::uint8_t { done, run, check_config, print_config_docs, list_failpoints };
  Command command = Command::run;
  int exit_code = 0;  ///< when done
  std::string config;
  std::vector<ConfigSetting> settings;  ///< flags that stand for options
};

/// Prints help, version or a complaint itself; then the command is `done`.
CommandLine parse_command_line(int argc, char** argv);

}  // namespace forebay::gateway
