#pragma once

#include <CLI/App.hpp>

#include "cli/session.h"

namespace forebay::cli {

/// Adds `forebay manifest ls, cat, verify`. App and session must outlive the parse and the run.
void add_manifest_command(CLI::App& app, Session& session);

}  // namespace forebay::cli
