#pragma once

#include "cli/session.h"

namespace forebay::cli {

/// Exit codes, after sysexits: 0 done, 64 wrong usage, 65 damaged data, 66 no such thing, 69 no gateway, 73 exists
/// already, 74 input or output failed, 75 try again later, 77 not allowed, 130 stopped by Ctrl-C.
int exit_code_of(Errc code);

/// Parses the arguments (without the program's name), runs the command and reports its error. Result  the exit code.
int run_app(const World& world, std::vector<std::string> arguments);

}  // namespace forebay::cli
