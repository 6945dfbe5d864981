#pragma once

#include <string>

#include "base/file_system.h"

namespace forebay::gateway::log {

/// Removes a folder and everything in it; success when it is not there. The caller syncs its parent.
/// Errors  io: something could not be removed; what is left is removed by a later call.
Result<void> remove_tree(FileSystem& files, const std::string& path);

}  // namespace forebay::gateway::log
