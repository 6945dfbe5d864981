#include "cli/text.h"

#include <cstdint>
#include <cstdio>

#include "base/utf8.h"

namespace forebay::cli {
namespace {

void append_escaped(std::string& out, char byte) {
  if (byte == '\n')
    out += "\\n";
  else if (byte == '\t')
    out += "\\t";
  else if (byte == '\r')
    out += "\\r";
  else {
    char text[8];
    std::snprintf(text, sizeof text, "\\x%02x", static_cast<unsigned>(static_cast<std::uint8_t>(byte)));
    out += text;
  }
}

}  // namespace

bool is_utf8(std::string_view text) { return utf8_error_position(text) == std::string_view::npos; }

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_sequence_size(text.substr(at));
    const auto first = static_cast<std::uint8_t>(text[at]);
    // U+0080..U+009F are control characters too; terminals act on some of them.
    const bool control = first < 0x20 || first == 0x7F ||
                         (length == 2 && first == 0xC2 && static_cast<std::uint8_t>(text[at + 1]) < 0xA0);
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
  const std::string digits = std::to_string(number);
  std::string out;
  for (std::size_t at = 0; at < digits.size(); ++at) {
    if (at > 0 && (digits.size() - at) % 3 == 0) out += ',';
    out += digits[at];
  }
  return out;
}

std::string counted(std::uint64_t number, std::string_view noun) {
  std::string name(noun);
  if (number != 1) {
    if (name.ends_with("ry")) name.replace(name.size() - 1, 1, "ie");
    name += 's';
  }
  return with_commas(number) + " " + name;
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
