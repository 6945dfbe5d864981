#pragma once

#include <CLI/App.hpp>

#include "cli/session.h"

namespace forebay::cli {

/// Adds `forebay stream create, list, describe, delete`. App and session must outlive the parse and the run.
void add_stream_command(CLI::App& app, Session& session);

}  // namespace forebay::cli
