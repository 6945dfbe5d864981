#include "cli/time_expression.h"

#include <charconv>
#include <cstdio>
#include <optional>

namespace forebay::cli {
namespace {

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<WallTime> age(std::string_view text, WallTime now) {
  if (text.size() < 2) return std::nullopt;
  const auto count = number(text.substr(0, text.size() - 1));
  constexpr std::int64_t kCountMax = 1'000'000'000;
  if (!count || *count > kCountMax) return std::nullopt;
  switch (text.back()) {
    case 's': return now - Milliseconds(*count * 1000);
    case 'm': return now - Milliseconds(*count * 60'000);
    case 'h': return now - Milliseconds(*count * 3'600'000);
    case 'd': return now - Milliseconds(*count * 86'400'000);
    default: return std::nullopt;
  }
}

std::optional<WallTime> calendar(std::string_view text) {
  if (!text.empty() && text.back() == 'Z') text.remove_suffix(1);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, read = 0;
  double second = 0;
  const std::string copy(text);
  const int fields = std::sscanf(copy.c_str(), "%4d-%2d-%2d%n", &year, &month, &day, &read);
  if (fields != 3) return std::nullopt;
  std::string_view rest = std::string_view(copy).substr(static_cast<std::size_t>(read));
  if (!rest.empty()) {
    if (rest.front() != 'T' && rest.front() != ' ') return std::nullopt;
    const std::string clock(rest.substr(1));
    int end_minute = 0, end_second = 0;
    const int parts = std::sscanf(clock.c_str(), "%2d:%2d%n:%lf%n", &hour, &minute, &end_minute, &second, &end_second);
    const auto used = static_cast<std::size_t>(parts == 3 ? end_second : end_minute);
    if (parts < 2 || used != clock.size()) return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second >= 60)
    return std::nullopt;
  const auto millis = static_cast<std::int64_t>(second * 1000 + 0.5);
  return WallTime(std::chrono::sys_days(date)) + Milliseconds(hour * 3'600'000LL + minute * 60'000LL + millis);
}

}  // namespace

Result<StartPoint> parse_start_point(std::string_view text, WallTime now, std::string_view flag) {
  if (text == "start") return StartPoint{StartPoint::Kind::start, {}};
  if (text == "latest") return StartPoint{StartPoint::Kind::latest, {}};
  std::optional<WallTime> time = age(text, now);
  if (!time) time = calendar(text);
  if (!time) {
    constexpr std::int64_t kSecondsMax = 100'000'000'000;
    if (const auto seconds = number(text); seconds && *seconds < kSecondsMax) time = from_millis(*seconds * 1000);
  }
  if (!time)
    return Error{Errc::invalid_argument, std::string(flag) + " " + std::string(text) +
                                             ": use start, latest, an age like 90s, 15m, 2h or 3d, or UTC time like "
                                             "2026-11-21T10:00:00Z"};
  if (*time > now)
    return Error{Errc::invalid_argument, std::string(flag) + " " + std::string(text) + " lies in the future: it is " +
                                             format_time(now) + " UTC now"};
  return StartPoint{StartPoint::Kind::time, *time};
}

std::string format_time(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::int64_t ms = (time - day).count();
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(ms / 3'600'000), static_cast<int>(ms / 60'000 % 60), static_cast<int>(ms / 1000 % 60),
                static_cast<int>(ms % 1000));
  return text;
}

std::string format_duration(Milliseconds length) {
  const std::int64_t ms = length.count();
  char text[64];
  if (ms < 1000)
    std::snprintf(text, sizeof text, "%lld ms", static_cast<long long>(ms));
  else if (ms < 60'000)
    std::snprintf(text, sizeof text, "%.1f s", static_cast<double>(ms) / 1000.0);
  else if (ms < 3'600'000)
    std::snprintf(text, sizeof text, "%lld min %lld s", static_cast<long long>(ms / 60'000),
                  static_cast<long long>(ms / 1000 % 60));
  else if (ms < 86'400'000)
    std::snprintf(text, sizeof text, "%lld h %lld min", static_cast<long long>(ms / 3'600'000),
                  static_cast<long long>(ms / 60'000 % 60));
  else
    std::snprintf(text, sizeof text, "%lld d %lld h", static_cast<long long>(ms / 86'400'000),
                  static_cast<long long>(ms / 3'600'000 % 24));
  return text;
}

}  // namespace forebay::cli
