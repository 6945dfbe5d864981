#pragma once

#include <string_view>

namespace forebay::gateway::auth {

/// True when the whole text matches: * stands for any characters, ? for one.
bool matches_pattern(std::string_view pattern, std::string_view text);

}  // namespace forebay::gateway::auth
