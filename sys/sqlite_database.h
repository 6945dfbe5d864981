#pragma once

#include <memory>
#include <string>

#include "base/database.h"
#include "base/file_system.h"

namespace forebay {

/// Opens or creates an SQLite database on `files`: WAL, synchronous FULL, this process alone, checked by quick_check.
/// Closing does not sync: what was not committed is gone, and the WAL is read again at the next open.
/// Errors  corrupt: set the file and its "-wal" aside and rebuild; conflict: another process has it; io; no_space.
/// Owner   `files` outlives the database.
Result<std::unique_ptr<Database>> open_database(FileSystem& files, const std::string& path);

}  // namespace forebay
