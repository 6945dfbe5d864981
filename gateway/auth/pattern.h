#pragma once

#include <string>
#include <string_view>

namespace forebay::gateway::auth {

/// True when the whole text matches: * stands for any characters, ? for one.
bool matches_pattern(std::string_view pattern, std::string_view text);

/// The pattern of an ARN (arn:aws:SERVICE:REGION:...) for any region. One whose earlier fields hold a star is returned
/// as it is: where its region stands is not known, and the star reaches over it.
std::string in_any_region(const std::string& pattern);

}  // namespace forebay::gateway::auth
