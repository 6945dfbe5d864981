#pragma once

#include <string>
#include <utility>
#include <vector>

namespace forebay {

/// All variables of this process as name and value.
std::vector<std::pair<std::string, std::string>> whole_environment();

}  // namespace forebay
