#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace forebay::gateway::delivery {

/// What a time zone does after the last change its file lists, in the notation of POSIX: CET-1CEST,M3.5.0,M10.5.0/3
class ZoneRule {
 public:
  /// Empty when `text` is not of that form.
  static std::optional<ZoneRule> parse(std::string_view text);
  /// Seconds east of UTC.
  [[nodiscard]] std::int32_t offset_at(std::int64_t utc_seconds) const;

  /// A day of each year, and the seconds behind its midnight.
  struct Change {
    char kind = 'M';  ///< M: week `week` of month `month` (5: last), weekday `day`; J: day 1..365 without 29 February;
                      ///< N: day 0..365
    int month = 0;
    int week = 0;
    int day = 0;
    std::int32_t seconds = 2 * 3600;
  };

 private:
  std::int32_t standard_ = 0;
  bool has_summer_ = false;
  std::int32_t summer_ = 0;
  Change begin_;
  Change end_;
};

}  // namespace forebay::gateway::delivery
