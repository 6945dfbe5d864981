#include "cli/text.h"

#include <cstdint>
#include <cstdio>

namespace forebay::cli {
namespace {

bool is_continuation(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<std::uint8_t>(text[at]) & 0xC0) == 0x80;
}

/// Length of the well-formed sequence at `at`; 0 when there is none (overlong forms and surrogates included).
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto first = static_cast<std::uint8_t>(text[at]);
  if (first < 0x80) return 1;
  const std::uint8_t second = at + 1 < text.size() ? static_cast<std::uint8_t>(text[at + 1]) : 0;
  if (first >= 0xC2 && first <= 0xDF) return is_continuation(text, at + 1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (first == 0xE0 && second < 0xA0) return 0;
    if (first == 0xED && second > 0x9F) return 0;
    return is_continuation(text, at + 1) && is_continuation(text, at + 2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (first == 0xF0 && second < 0x90) return 0;
    if (first == 0xF4 && second > 0x8F) return 0;
    return is_continuation(text, at + 1) && is_continuation(text, at + 2) && is_continuation(text, at + 3) ? 4 : 0;
  }
  return 0;
}

void append_escaped(std::string& out, char byte) {
  if (byte == '\n') out += "\\n";
  else if (byte == '\t') out += "\\t";
  else if (byte == '\r') out += "\\r";
  else {
    char text[8];
    std::snprintf(text, sizeof text, "\\x%02x", static_cast<unsigned>(static_cast<std::uint8_t>(byte)));
    out += text;
  }
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    const auto first = static_cast<std::uint8_t>(text[at]);
    // U+0080..U+009F are control characters too; terminals act on some of them.
    const bool control = first < 0x20 || first == 0x7F || (length == 2 && first == 0xC2 && static_cast<std::uint8_t>(text[at + 1]) < 0xA0);
    if (length == 0 || control) {
      for (std::size_t i = 0; i < (length == 0 ? 1 : length); ++i) append_escaped(out, text[at + i]);
    } else {
      out.append(text.substr(at, length));
    }
    at += length == 0 ? 1 : length;
  }
  return out;
}

std::string with_commas(std::uint64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3;) {
    at -= 3;
    out.insert(at, ",");
  }
  return out;
}

std::string format_bytes(std::uint64_t bytes) {
  constexpr const char* kUnits[] = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return std::to_string(bytes) + " B";
  double value = static_cast<double>(bytes) / 1024.0;
  std::size_t unit = 0;
  for (; value >= 1024.0 && unit + 1 < std::size(kUnits); ++unit) value /= 1024.0;
  char text[64];
  std::snprintf(text, sizeof text, "%.1f %s", value, kUnits[unit]);
  return text;
}

}  // namespace forebay::cli
