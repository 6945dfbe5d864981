#pragma once

#include "base/error.h"

namespace forebay::gateway {

/// What the process ends with (sysexits.h).
enum class ExitCode : int {
  ok = 0,
  usage = 64,
  data = 65,  ///< the data folder is damaged or of a newer version
  internal = 70,
  cannot_create = 73,  ///< data folder or port: taken by another process, or cannot be made
  io = 74,             ///< a write or sync of data failed
  permission = 77,
  config = 78,
};

/// Of an error at start.
inline ExitCode exit_code_of(const Error& error) {
  switch (error.code) {
    case Errc::permission: return ExitCode::permission;
    case Errc::corrupt:
    case Errc::unsupported: return ExitCode::data;
    case Errc::conflict:
    case Errc::not_found:
    case Errc::no_space:
    case Errc::already_exists: return ExitCode::cannot_create;
    case Errc::invalid_argument: return ExitCode::config;
    default: return ExitCode::io;
  }
}

}  // namespace forebay::gateway
