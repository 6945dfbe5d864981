#pragma once

#include <CLI/App.hpp>

#include "cli/session.h"

namespace forebay::cli {

/// Adds `forebay env: export lines for a shell`. App and session must outlive the parse and the run.
void add_env_command(CLI::App& app, Session& session);

}  // namespace forebay::cli
