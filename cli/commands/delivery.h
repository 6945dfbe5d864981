#pragma once

#include <CLI/App.hpp>

#include "cli/session.h"

namespace forebay::cli {

/// Adds `forebay delivery create, list, describe, status, pause, resume, delete, replay`. App and session must outlive
/// the parse and the run.
void add_delivery_command(CLI::App& app, Session& session);

}  // namespace forebay::cli
