#include "gateway/delivery/objects/time_pattern.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace forebay::gateway::delivery {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};

/// How often each letter may be repeated.
struct Letter {
  char letter;
  std::size_t count_max;
};
constexpr std::array<Letter, 12> kLetters = {{{'y', 9},
                                              {'M', 5},
                                              {'d', 2},
                                              {'D', 3},
                                              {'H', 2},
                                              {'h', 2},
                                              {'m', 2},
                                              {'s', 2},
                                              {'S', TimePattern::kFractionDigitsMax},
                                              {'a', 1},
                                              {'E', 5},
                                              {'e', 5}}};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

Error refused(std::string_view pattern, std::size_t at, const std::string& why) {
  return Error{Errc::invalid_argument,
               "timestamp pattern \"" + std::string(pattern) + "\": " + why + " at position " + std::to_string(at + 1)};
}

void append_number(std::string& out, std::int64_t value, std::size_t width) {
  const std::string digits = std::to_string(value);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

/// Three letters, the whole word, or one letter.
void append_word(std::string& out, std::string_view word, std::size_t count) {
  if (count == 4)
    out += word;
  else
    out += word.substr(0, count == 5 ? 1 : 3);
}

struct Moment {
  std::chrono::year_month_day date;
  unsigned weekday;  ///< 0: Sunday
  std::int64_t day_of_year;
  std::int64_t hour, minute, second;
};

Moment moment_of(std::int64_t local_seconds) {
  using namespace std::chrono;
  const sys_seconds time{seconds(local_seconds)};
  const sys_days day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  const sys_days new_year = sys_days(date.year() / January / 1);
  return {date,
          weekday(day).c_encoding(),
          (day - new_year).count() + 1,
          clock.hours().count(),
          clock.minutes().count(),
          clock.seconds().count()};
}

void append_year(std::string& out, const Moment& at, std::size_t count) {
  const int year = static_cast<int>(at.date.year());
  append_number(out, count == 2 ? year % 100 : year, count);
}

void append_month(std::string& out, const Moment& at, std::size_t count) {
  const unsigned month = static_cast<unsigned>(at.date.month());
  if (count <= 2)
    append_number(out, month, count);
  else
    append_word(out, kMonths[month - 1], count == 3 ? 3 : count);
}

void append_field(std::string& out, const Moment& at, char letter, std::size_t count) {
  switch (letter) {
    case 'y': return append_year(out, at, count);
    case 'M': return append_month(out, at, count);
    case 'd': return append_number(out, static_cast<unsigned>(at.date.day()), count);
    case 'D': return append_number(out, at.day_of_year, count);
    case 'H': return append_number(out, at.hour, count);
    case 'h': return append_number(out, (at.hour + 11) % 12 + 1, count);
    case 'm': return append_number(out, at.minute, count);
    case 's': return append_number(out, at.second, count);
    case 'S': out.append(count, '0'); return;
    case 'a': out += at.hour < 12 ? "AM" : "PM"; return;
    case 'E': return append_word(out, kWeekdays[at.weekday], count);
    default: break;
  }
  if (count <= 2)
    append_number(out, at.weekday + 1, count);
  else
    append_word(out, kWeekdays[at.weekday], count);
}

}  // namespace

Result<TimePattern> TimePattern::parse(std::string_view pattern) {
  TimePattern result;
  for (std::size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    if (c == '\'') {
      FB_TRY(at, read_quoted(pattern, at, result));
      continue;
    }
    if (!is_letter(c)) {
      if (c == '[' || c == ']' || c == '{' || c == '}' || c == '#')
        return refused(pattern, at, std::string("'") + c + "' must stand in quotes");
      result.add_literal(pattern.substr(at++, 1));
      continue;
    }
    const auto row = std::find_if(kLetters.begin(), kLetters.end(), [&](const Letter& l) { return l.letter == c; });
    if (row == kLetters.end())
      return refused(pattern, at, std::string("letter ") + c + " is none of yMdDHhmsSaEe; put text in quotes");
    const std::size_t count = std::min(pattern.find_first_not_of(c, at), pattern.size()) - at;
    if (count > row->count_max)
      return refused(
          pattern, at,
          std::string("letter ") + c + " is repeated more than " + std::to_string(row->count_max) + " times");
    result.fields_.push_back({c, count, ""});
    at += count;
  }
  return result;
}

Result<std::size_t> TimePattern::read_quoted(std::string_view pattern, std::size_t at, TimePattern& out) {
  const std::size_t start = at++;
  if (at < pattern.size() && pattern[at] == '\'') {
    out.add_literal("'");
    return at + 1;
  }
  for (; at < pattern.size(); ++at) {
    if (pattern[at] != '\'') {
      out.add_literal(pattern.substr(at, 1));
      continue;
    }
    if (at + 1 == pattern.size() || pattern[at + 1] != '\'') return at + 1;
    out.add_literal("'");
    ++at;
  }
  return refused(pattern, start, "a quote without its end");
}

void TimePattern::add_literal(std::string_view text) {
  if (fields_.empty() || fields_.back().letter != 0) fields_.emplace_back();
  fields_.back().literal += text;
}

void TimePattern::append(std::string& out, std::int64_t local_seconds) const {
  const Moment at = moment_of(local_seconds);
  for (const Field& field : fields_) {
    if (field.letter == 0)
      out += field.literal;
    else
      append_field(out, at, field.letter, field.count);
  }
}

std::string TimePattern::format(std::int64_t local_seconds) const {
  std::string out;
  append(out, local_seconds);
  return out;
}

}  // namespace forebay::gateway::delivery
