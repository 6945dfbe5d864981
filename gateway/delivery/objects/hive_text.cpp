#include <chrono>

#include "gateway/delivery/objects/hive_value.h"

namespace forebay::gateway::delivery {
namespace {

/// Cursor over a text of fixed fields; after a mistake ok is false for good.
struct Fields {
  std::string_view left;
  bool ok = true;

  int digits(std::size_t count, int max) {
    int value = 0;
    if (left.size() < count) ok = false;
    for (std::size_t i = 0; ok && i < count; ++i) {
      ok = left[i] >= '0' && left[i] <= '9';
      value = value * 10 + (left[i] - '0');
    }
    if (ok) left.remove_prefix(count);
    ok = ok && value <= max;
    return value;
  }
  bool take(char c) {
    if (left.empty() || left[0] != c) return false;
    left.remove_prefix(1);
    return true;
  }
  void expect(char c) { ok = take(c) && ok; }
};

std::optional<std::chrono::sys_days> read_day(Fields& in) {
  using namespace std::chrono;
  const int y = in.digits(4, 9999);
  in.expect('-');
  const int m = in.digits(2, 12);
  in.expect('-');
  const int d = in.digits(2, 31);
  const year_month_day date{year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d))};
  if (!in.ok || !date.ok()) return std::nullopt;
  return sys_days(date);
}

/// Microseconds of up to nine digits behind the point; the last three are cut off.
std::int64_t read_fraction(Fields& in) {
  std::int64_t micros = 0;
  std::size_t count = 0;
  for (; !in.left.empty() && in.left[0] >= '0' && in.left[0] <= '9'; in.left.remove_prefix(1), ++count)
    if (count < 6) micros = micros * 10 + (in.left[0] - '0');
  if (count == 0 || count > 9) in.ok = false;
  for (; count < 6; ++count) micros *= 10;
  return micros;
}

/// Seconds east of UTC.
int read_zone(Fields& in) {
  if (in.left.empty() || in.take('Z')) return 0;
  const bool minus = in.take('-');
  if (!minus) in.expect('+');
  int seconds = in.digits(2, 23) * 3600;
  in.take(':');
  seconds += in.digits(2, 59) * 60;
  return minus ? -seconds : seconds;
}

/// Digits of a decimal and where its point is.
struct Digits {
  bool minus = false;
  std::string whole_and_fraction;
  int fraction = 0;  ///< how many of them are behind the point
};

std::optional<Digits> read_digits(std::string_view text) {
  Digits out;
  Fields in{text};
  out.minus = in.take('-');
  bool point = false;
  std::size_t seen = 0;
  for (; !in.left.empty() && in.left[0] != 'e' && in.left[0] != 'E'; in.left.remove_prefix(1)) {
    const char c = in.left[0];
    if (c == '.' && !point && seen > 0) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    ++seen;
    if (point) ++out.fraction;
    if (c != '0' || !out.whole_and_fraction.empty()) out.whole_and_fraction += c;
  }
  if (seen == 0 || text.back() == '.') return std::nullopt;
  if (!in.left.empty()) {
    in.left.remove_prefix(1);
    const bool down = in.take('-');
    if (!down) in.take('+');
    constexpr std::size_t kExponentDigitsMax = 3;
    if (in.left.empty() || in.left.size() > kExponentDigitsMax) return std::nullopt;
    const int exponent = in.digits(in.left.size(), 999);
    if (!in.ok) return std::nullopt;
    out.fraction += down ? exponent : -exponent;
  }
  return out;
}

/// Makes the number have `scale` digits behind the point. False: far too long.
bool rescale(Digits& number, int scale, int precision) {
  std::string& digits = number.whole_and_fraction;
  if (number.fraction <= scale) {
    if (digits.empty()) return true;
    if (static_cast<int>(digits.size()) + scale - number.fraction > precision) return false;
    digits.append(static_cast<std::size_t>(scale - number.fraction), '0');
    return true;
  }
  const auto cut = static_cast<std::size_t>(number.fraction - scale);
  if (cut > digits.size()) {
    digits.clear();
    return true;
  }
  const bool up = digits[digits.size() - cut] >= '5';
  digits.resize(digits.size() - cut);
  if (!up) return true;
  std::size_t at = digits.size();
  while (at > 0 && digits[at - 1] == '9') digits[--at] = '0';
  if (at > 0)
    ++digits[at - 1];
  else
    digits.insert(digits.begin(), '1');
  return true;
}

}  // namespace

std::optional<std::int64_t> parse_hive_timestamp(std::string_view text) {
  Fields in{text};
  const auto day = read_day(in);
  if (!day) return std::nullopt;
  if (!in.take(' ')) in.expect('T');
  std::int64_t seconds = in.digits(2, 23) * 3600;
  in.expect(':');
  seconds += in.digits(2, 59) * 60;
  in.expect(':');
  seconds += in.digits(2, 59);
  const std::int64_t micros = in.take('.') ? read_fraction(in) : 0;
  seconds -= read_zone(in);
  if (!in.ok || !in.left.empty()) return std::nullopt;
  return (std::int64_t{day->time_since_epoch().count()} * 86400 + seconds) * 1'000'000 + micros;
}

std::optional<std::int32_t> parse_hive_date(std::string_view text) {
  Fields in{text};
  const auto day = read_day(in);
  if (!day || !in.left.empty()) return std::nullopt;
  return day->time_since_epoch().count();
}

std::optional<Int128> parse_hive_decimal(std::string_view text, int precision, int scale) {
  auto number = read_digits(text);
  if (!number || !rescale(*number, scale, precision)) return std::nullopt;
  const std::string& digits = number->whole_and_fraction;
  if (static_cast<int>(digits.size()) > precision) return std::nullopt;
  Int128 value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return number->minus ? -value : value;
}

}  // namespace forebay::gateway::delivery
