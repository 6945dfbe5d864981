#pragma once

#include <string>
#include <string_view>

#include "gateway/delivery/objects/time_zone.h"

namespace forebay::gateway::delivery {

/// Reads the zone from the system's tz database; UTC needs no file.
/// Shape   an IANA name such as Europe/Berlin, at most 64 characters.
/// Errors  invalid_argument: no such zone; unsupported: there is no database, with its package; corrupt: a broken file.
Result<TimeZone> load_time_zone(std::string_view name, const std::string& folder = "/usr/share/zoneinfo");

}  // namespace forebay::gateway::delivery
