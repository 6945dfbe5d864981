#pragma once

#include <string>
#include <string_view>

namespace forebay::gateway::delivery {

/// An attempt's id in the form of a GUID, which receivers of Firehose's protocol expect: itself when it has that form,
/// otherwise a name-based one (version 3), so that equal ids stay equal.
std::string guid_of(std::string_view id);

}  // namespace forebay::gateway::delivery
