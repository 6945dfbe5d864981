#include "wire/kinesis/json_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/utf8.h"

namespace forebay::wire::kinesis {
namespace {

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

void append_escaped(std::string& out, char c) {
  constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default:
      out += "\\u00";
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && is_plain(text[plain])) ++plain;
    out.append(text.data(), plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    if (static_cast<unsigned char>(text[0]) < 0x80) {
      append_escaped(out, text[0]);
      text.remove_prefix(1);
    } else if (const std::size_t size = utf8_sequence_size(text); size != 0) {
      out.append(text.data(), size);
      text.remove_prefix(size);
    } else {
      out += "\xef\xbf\xbd";
      text.remove_prefix(1);
    }
  }
  out += '"';
}

void append_integer(std::string& out, std::int64_t value) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void append_json_timestamp(std::string& out, WallTime time) {
  std::int64_t ms = to_millis(time);
  if (ms < 0) {
    out += '-';
    ms = -ms;
  }
  append_integer(out, ms / 1000);
  const int rest = static_cast<int>(ms % 1000);
  const char decimals[4] = {'.', static_cast<char>('0' + rest / 100), static_cast<char>('0' + rest / 10 % 10),
                            static_cast<char>('0' + rest % 10)};
  out.append(decimals, 4);
}

double json_number(std::string_view number) {
  double value = 0;
  const auto result = std::from_chars(number.data(), number.data() + number.size(), value);
  if (result.ec != std::errc::result_out_of_range) return value;
  // Too small and too large are told apart by the exponent's sign, or its absence (a very long integer).
  const std::size_t exponent = number.find_first_of("eE");
  if (exponent != std::string_view::npos && number.substr(exponent).find('-') != std::string_view::npos) return 0;
  const double most = std::numeric_limits<double>::max();
  return number.starts_with('-') ? -most : most;
}

WallTime time_from_number(double value) {
  // Some SDK versions send milliseconds where seconds are meant; no date of use is that far away in seconds.
  constexpr double kSecondsMax = 1e11;
  constexpr double kMsMax = 1e15;
  if (std::isnan(value)) return {};
  const double ms = std::abs(value) > kSecondsMax ? value : value * 1000;
  return from_millis(std::llround(std::min(std::max(ms, -kMsMax), kMsMax)));
}

std::string_view shortened(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t size = bytes_max;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return text.substr(0, size);
}

std::string_view first_character(std::string_view text) {
  const std::size_t size = utf8_sequence_size(text);
  return text.substr(0, size == 0 ? 1 : size);
}

std::string upper_cased(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  return out;
}

}  // namespace forebay::wire::kinesis
