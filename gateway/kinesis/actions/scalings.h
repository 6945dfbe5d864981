#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"

/// When a stream's shard count was last updated, for the rule of ten per 24 hours; kept among the stream's attributes.
namespace forebay::gateway::kinesis {

inline constexpr std::string_view kScalingsAttribute = "scalings";
inline constexpr std::size_t kScalingsMax = 10;

/// Updates of the last 24 hours. Moments ahead of `now` (the clock was set back) do not count.
std::vector<WallTime> recent_scalings(std::string_view attribute, WallTime now);
std::string scalings_attribute(const std::vector<WallTime>& scalings);

}  // namespace forebay::gateway::kinesis
