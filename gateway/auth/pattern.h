#pragma once

#include <string_view>

namespace forebay::gateway::auth {

/// True when the whole text matches: * stands for any characters, ? for one.
bool matches_pattern(std::string_view pattern, std::string_view text);

/// True when the pattern would match the ARN (arn:aws:SERVICE:REGION:...) with some region in place of its own. What is
/// no ARN is compared as it is.
bool matches_in_any_region(std::string_view pattern, std::string_view arn);

}  // namespace forebay::gateway::auth
