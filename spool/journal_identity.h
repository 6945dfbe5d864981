#pragma once

#include "base/entropy.h"
#include "base/file_system.h"
#include "spool/recovery.h"

namespace forebay::spool {

/// The root of a journal directory (reliability 4.2): from the file `identity`, else from the newest sound file header,
/// else new. What is missing is written back; durable on return.
Result<Root> load_or_create_root(FileSystem& files, Entropy& entropy, const std::string& path);
/// Empty when the file is missing or damaged.
Result<std::optional<Root>> read_identity_file(FileSystem& files, const std::string& path);

}  // namespace forebay::spool
