#pragma once

namespace forebay::agent {

/// The program: command line, configuration, run; the result is its exit code (exit_code.h).
int agent_main(int argc, char** argv);

}  // namespace forebay::agent
