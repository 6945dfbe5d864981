#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"

namespace forebay {

using Environment = std::vector<std::pair<std::string, std::string>>;

/// Null when the name is not set.
const std::string* find_in(const Environment& environment, std::string_view name);

/// Replaces `${NAME}`, `${NAME:-default}` and `${file:/path}`; `$$` is one `$`, any other `$` stays. Replacements are
/// not looked at again.
/// Errors  invalid_argument: unset name, unreadable or large file, missing brace, with the remedy.
Result<std::string> substitute(std::string_view text, const Environment& environment, FileSystem& files);

}  // namespace forebay
