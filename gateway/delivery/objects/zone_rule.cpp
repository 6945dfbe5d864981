#include "gateway/delivery/objects/zone_rule.h"

#include <chrono>

namespace forebay::gateway::delivery {
namespace {

constexpr int kHoursMax = 167;  // what POSIX with the extension of tzcode allows

/// Cursor over the rule; after a mistake ok is false for good.
struct Cursor {
  std::string_view left;
  bool ok = true;

  bool take(char c) {
    if (left.empty() || left[0] != c) return false;
    left.remove_prefix(1);
    return true;
  }
  void expect(char c) { ok = take(c) && ok; }
  int number(int max) {
    int value = 0;
    std::size_t digits = 0;
    while (digits < left.size() && left[digits] >= '0' && left[digits] <= '9' && value <= max)
      value = value * 10 + (left[digits++] - '0');
    if (digits == 0 || value > max) ok = false;
    left.remove_prefix(digits);
    return ok ? value : 0;
  }
  void name() {
    std::size_t size = 0;
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    if (take('<')) {
      size = left.find('>');
      ok = ok && size != std::string_view::npos;
      left.remove_prefix(ok ? size + 1 : left.size());
      return;
    }
    while (size < left.size() && letter(left[size])) ++size;
    if (size < 3) ok = false;
    left.remove_prefix(size);
  }
  std::int32_t time() {
    const bool minus = take('-');
    if (!minus) take('+');
    std::int32_t seconds = number(kHoursMax) * 3600;
    if (take(':')) seconds += number(59) * 60;
    if (take(':')) seconds += number(59);
    return minus ? -seconds : seconds;
  }
  ZoneRule::Change change() {
    ZoneRule::Change change;
    if (take('M')) {
      change.month = number(12);
      expect('.');
      change.week = number(5);
      expect('.');
      change.day = number(6);
      if (change.month == 0 || change.week == 0) ok = false;
    } else {
      change.kind = take('J') ? 'J' : 'N';
      change.day = number(365);
      if (change.kind == 'J' && change.day == 0) ok = false;
    }
    if (take('/')) change.seconds = time();
    return change;
  }
};

/// Seconds since 1970 of the change on the wall clock before it.
std::int64_t local_time_of(const ZoneRule::Change& change, std::chrono::year year) {
  using namespace std::chrono;
  sys_days day;
  if (change.kind == 'M') {
    const month in(static_cast<unsigned>(change.month));
    const weekday on(static_cast<unsigned>(change.day));
    day = change.week == 5 ? sys_days(year / in / on[last])
                           : sys_days(year / in / on[static_cast<unsigned>(change.week)]);
  } else {
    const bool behind_leap_day = change.kind == 'J' && year.is_leap() && change.day >= 60;
    const int days_behind = change.kind == 'J' ? change.day - 1 + (behind_leap_day ? 1 : 0) : change.day;
    day = sys_days(year / January / 1) + days(days_behind);
  }
  return std::int64_t{day.time_since_epoch().count()} * 86400 + change.seconds;
}

}  // namespace

std::optional<ZoneRule> ZoneRule::parse(std::string_view text) {
  Cursor in{text};
  ZoneRule rule;
  in.name();
  rule.standard_ = -in.time();  // POSIX counts westwards
  if (in.ok && !in.left.empty()) {
    rule.has_summer_ = true;
    in.name();
    const bool own_offset = !in.left.empty() && in.left[0] != ',';
    rule.summer_ = own_offset ? -in.time() : rule.standard_ + 3600;
    in.expect(',');
    rule.begin_ = in.change();
    in.expect(',');
    rule.end_ = in.change();
  }
  if (!in.ok || !in.left.empty()) return std::nullopt;
  return rule;
}

std::int32_t ZoneRule::offset_at(std::int64_t utc_seconds) const {
  using namespace std::chrono;
  if (!has_summer_) return standard_;
  const sys_seconds standard_time{seconds(utc_seconds + standard_)};
  const year year = year_month_day(floor<days>(standard_time)).year();
  const std::int64_t begin = local_time_of(begin_, year) - standard_;
  const std::int64_t end = local_time_of(end_, year) - summer_;
  const bool summer =
      begin < end ? begin <= utc_seconds && utc_seconds < end : begin <= utc_seconds || utc_seconds < end;
  return summer ? summer_ : standard_;
}

}  // namespace forebay::gateway::delivery
