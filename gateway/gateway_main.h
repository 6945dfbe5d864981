#pragma once

namespace forebay::gateway {

/// Reads command line and configuration and runs what they ask for. Result  the process's exit code.
int gateway_main(int argc, char** argv);

}  // namespace forebay::gateway
