#pragma once

#include <CLI/App.hpp>

#include "cli/session.h"

namespace forebay::cli {

/// Adds `forebay key create, list, revoke, policy`. App and session must outlive the parse and the run.
void add_key_command(CLI::App& app, Session& session);

}  // namespace forebay::cli
