#pragma once

#include <CLI/App.hpp>

#include "cli/session.h"

namespace forebay::cli {

/// Adds `forebay completion bash|zsh`. App and session must outlive the parse and the run.
void add_completion_command(CLI::App& app, Session& session);

}  // namespace forebay::cli
