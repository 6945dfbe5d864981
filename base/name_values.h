#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace forebay {

struct NameValue {
  std::size_t line = 0;  ///< counted from 1
  std::string name;
  std::string value;
};

/// Reads lines of the form `name = "value"`: key files and the settings of the command. The quotes may be left out; '#'
/// begins a comment, at the begin of a line or behind a blank; lines that begin with '[' are read over. `file` is for
/// messages. Errors  invalid_argument: naming file and line, never what stands there, which may be a secret.
Result<std::vector<NameValue>> parse_name_values(std::string_view text, std::string_view file);

}  // namespace forebay
