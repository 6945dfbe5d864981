#include "wire/aws/date.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace forebay::wire::aws {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Fields {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, weekday = 0;
};

Fields split(WallTime time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(time - day));
  return {static_cast<int>(date.year()),
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(clock.hours().count()),
          static_cast<int>(clock.minutes().count()),
          static_cast<int>(clock.seconds().count()),
          static_cast<int>(weekday(day).c_encoding())};
}

std::optional<WallTime> join(const Fields& f) {
  using namespace std::chrono;
  const year_month_day date(year(f.year), month(static_cast<unsigned>(f.month)), day(static_cast<unsigned>(f.day)));
  if (!date.ok() || f.hour > 23 || f.minute > 59 || f.second > 60) return std::nullopt;
  return WallTime(sys_days(date)) + hours(f.hour) + minutes(f.minute) + seconds(f.second);
}

/// Reads exactly `size` digits at `at`.
bool digits(std::string_view text, std::size_t at, std::size_t size, int& value) {
  value = 0;
  for (std::size_t i = at; i < at + size; ++i) {
    if (i >= text.size() || text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  return true;
}

void put_digits(std::string& text, std::size_t at, std::size_t size, int value) {
  for (std::size_t i = at + size; i-- > at; value /= 10) text[i] = static_cast<char>('0' + value % 10);
}

}  // namespace

std::string to_basic_time(WallTime time) {
  const Fields f = split(time);
  std::string text = "00000000T000000Z";
  put_digits(text, 0, 4, f.year);
  put_digits(text, 4, 2, f.month);
  put_digits(text, 6, 2, f.day);
  put_digits(text, 9, 2, f.hour);
  put_digits(text, 11, 2, f.minute);
  put_digits(text, 13, 2, f.second);
  return text;
}

std::optional<WallTime> parse_basic_time(std::string_view text) {
  Fields f;
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z' || !digits(text, 0, 4, f.year) ||
      !digits(text, 4, 2, f.month) || !digits(text, 6, 2, f.day) || !digits(text, 9, 2, f.hour) ||
      !digits(text, 11, 2, f.minute) || !digits(text, 13, 2, f.second))
    return std::nullopt;
  return join(f);
}

std::string to_http_date(WallTime time) {
  const Fields f = split(time);
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT",
                kDays[static_cast<std::size_t>(f.weekday)].data(), f.day,
                kMonths[static_cast<std::size_t>(f.month - 1)].data(), f.year, f.hour, f.minute, f.second);
  return text;
}

std::optional<WallTime> parse_http_date(std::string_view text) {
  Fields f;
  if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT" || text[19] != ':' ||
      text[22] != ':' || !digits(text, 5, 2, f.day) || !digits(text, 12, 4, f.year) || !digits(text, 17, 2, f.hour) ||
      !digits(text, 20, 2, f.minute) || !digits(text, 23, 2, f.second))
    return std::nullopt;
  for (std::size_t i = 0; i < kMonths.size(); ++i)
    if (text.substr(8, 3) == kMonths[i]) f.month = static_cast<int>(i) + 1;
  return join(f);
}

std::optional<WallTime> parse_iso_time(std::string_view text) {
  Fields f;
  if (text.size() < 20 || text.back() != 'Z' || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
      text[13] != ':' || text[16] != ':' || !digits(text, 0, 4, f.year) || !digits(text, 5, 2, f.month) ||
      !digits(text, 8, 2, f.day) || !digits(text, 11, 2, f.hour) || !digits(text, 14, 2, f.minute) ||
      !digits(text, 17, 2, f.second))
    return std::nullopt;
  std::string_view fraction = text.substr(19, text.size() - 20);
  if (!fraction.empty() && (fraction.size() == 1 || fraction.front() != '.')) return std::nullopt;
  int ms = 0;
  int weight = 100;
  for (const char c : fraction.substr(fraction.empty() ? 0 : 1)) {
    if (c < '0' || c > '9') return std::nullopt;
    ms += (c - '0') * weight;
    weight /= 10;
  }
  const auto time = join(f);
  return time ? std::optional(*time + std::chrono::milliseconds(ms)) : std::nullopt;
}

std::string service_time(WallTime time) {
  const Fields f = split(time);
  char text[64];
  std::snprintf(text, sizeof text, "%s %s %02d %02d:%02d:%02d UTC %04d",
                kDays[static_cast<std::size_t>(f.weekday)].data(),
                kMonths[static_cast<std::size_t>(f.month - 1)].data(), f.day, f.hour, f.minute, f.second, f.year);
  return text;
}

}  // namespace forebay::wire::aws
