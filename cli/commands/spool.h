#pragma once

#include <CLI/App.hpp>

#include "cli/session.h"

namespace forebay::cli {

/// Adds `forebay spool ls, cat, verify DIR`. App and session must outlive the parse and the run.
void add_spool_command(CLI::App& app, Session& session);

}  // namespace forebay::cli
