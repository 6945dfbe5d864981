#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/units.h"

namespace forebay::agent {

/// What was asked for on the command line.
struct CommandLine {
  enum class Command : std::uint8_t {
    run,
    check_config,
    dry_run,
    init,
    status,
    print_config_docs,
    list_failpoints,
    done
  };
  Command command = Command::run;
  int exit_code = 0;  ///< with done: help, version or an error was already printed

  std::string config;
  std::vector<std::string> settings;  ///< --set name=value
  std::string gateway, key_file, spool, device;
  bool once = false;
  std::optional<Milliseconds> timeout;
  bool read_stdin = false;
  std::string stream;
  std::string key;
  std::string output;  ///< of init; empty: standard output
  bool json = false;
};

CommandLine parse_command_line(int argc, char** argv);

}  // namespace forebay::agent
