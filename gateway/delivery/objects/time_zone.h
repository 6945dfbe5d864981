#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/units.h"
#include "gateway/delivery/objects/zone_rule.h"

namespace forebay::gateway::delivery {

/// Offsets of one IANA time zone, from a compiled file of the tz database (RFC 8536, version 2 or later).
class TimeZone {
 public:
  /// UTC.
  TimeZone() = default;
  /// Errors  corrupt: not such a file; `name` begins the text.
  static Result<TimeZone> parse(ByteView file, std::string_view name);

  /// Seconds east of UTC.
  [[nodiscard]] std::int32_t offset_at(std::int64_t utc_seconds) const;
  /// Seconds since 1970 on the clock of the wall; fractions are cut off.
  [[nodiscard]] std::int64_t local_seconds(WallTime time) const;

 private:
  struct Change {
    std::int64_t at = 0;
    std::int32_t offset = 0;
  };

  std::int32_t first_offset_ = 0;
  std::vector<Change> changes_;   ///< rising
  std::optional<ZoneRule> rule_;  ///< behind the last change
};

/// A file of the tz database larger than this is none (the largest has 4 KiB).
inline constexpr std::size_t kZoneFileBytesMax = 64 << 10;

}  // namespace forebay::gateway::delivery
