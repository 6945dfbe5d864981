#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/units.h"

/// Date forms of the AWS protocols; all UTC.
namespace forebay::wire::aws {

/// 20260102T030405Z, as in X-Amz-Date.
std::string to_basic_time(WallTime time);
std::optional<WallTime> parse_basic_time(std::string_view text);

/// Fri, 02 Jan 2026 03:04:05 GMT, as in the Date header.
std::string to_http_date(WallTime time);
std::optional<WallTime> parse_http_date(std::string_view text);

/// 2026-01-02T03:04:05Z, with or without a fraction of a second, as in JSON and XML answers; kept to the millisecond.
std::optional<WallTime> parse_iso_time(std::string_view text);

/// Fri Jan 02 03:04:05 UTC 2026, as in the messages of services.
std::string service_time(WallTime time);

}  // namespace forebay::wire::aws
