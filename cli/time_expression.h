#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/units.h"

namespace forebay::cli {

/// Where a reader begins.
struct StartPoint {
  enum class Kind : std::uint8_t { start, latest, time };
  Kind kind = Kind::start;
  WallTime time;  ///< for Kind::time
  friend bool operator==(const StartPoint&, const StartPoint&) = default;
};

/// Reads "start", "latest", an age ("90s", "15m", "2h", "3d"), UTC time ("2026-11-21", "2026-11-21T10:00",
/// "2026-11-21T10:00:05.250Z") or seconds since 1970. Errors  invalid_argument with the accepted forms.
/// `flag`  whose value it is, for errors.
Result<StartPoint> parse_start_point(std::string_view text, WallTime now, std::string_view flag = "--from");

/// "2026-11-21T10:00:05.250Z"
std::string format_time(WallTime time);

/// "850 ms", "2.4 s", "3 min 5 s", "2 h 10 min", "4 d 3 h"
std::string format_duration(Milliseconds length);

}  // namespace forebay::cli
