#pragma once

#include "base/error.h"

namespace forebay::agent {

/// What the process returns, after sysexits.h; systemd does not restart after `config`.
enum class ExitCode : int {
  ok = 0,
  usage = 64,
  no_input = 66,
  internal = 70,
  cannot_create = 73,
  io = 74,         ///< a sync failed: nothing was acknowledged after it
  try_again = 75,  ///< a deadline passed, or something is held by somebody else just now
  permission = 77,
  config = 78,
};

inline ExitCode exit_code_of(const Error& error) {
  switch (error.code) {
    case Errc::invalid_argument:
    case Errc::unsupported: return ExitCode::config;
    case Errc::not_found: return ExitCode::no_input;
    case Errc::permission: return ExitCode::permission;
    case Errc::no_space: return ExitCode::cannot_create;
    case Errc::conflict:
    case Errc::timed_out:
    case Errc::unavailable:
    case Errc::cancelled: return ExitCode::try_again;
    default: return ExitCode::io;
  }
}

}  // namespace forebay::agent
