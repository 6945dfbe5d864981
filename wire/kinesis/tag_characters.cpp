#include "wire/kinesis/tag_characters.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace forebay::wire::kinesis {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};
/// Beyond ASCII: the blocks that hold letters, digits and white space; signs, symbols and pictures lie outside.
constexpr std::array kRanges = {
    Range{0x85, 0x85},     Range{0xA0, 0xA0},     Range{0xAA, 0xAA},     Range{0xB5, 0xB5},      Range{0xBA, 0xBA},
    Range{0xC0, 0xD6},     Range{0xD8, 0xF6},     Range{0xF8, 0x1FFF},   Range{0x2000, 0x200A},  Range{0x2028, 0x2029},
    Range{0x202F, 0x202F}, Range{0x205F, 0x205F}, Range{0x2C00, 0x2DFF}, Range{0x3000, 0x3000},  Range{0x3005, 0x3007},
    Range{0x3021, 0xD7FF}, Range{0xF900, 0xFDFF}, Range{0xFE70, 0xFEFE}, Range{0xFF10, 0xFF19},  Range{0xFF21, 0xFF3A},
    Range{0xFF41, 0xFF5A}, Range{0xFF66, 0xFFDC}, Range{0x10000, 0x1CFFF}, Range{0x20000, 0x3FFFF},
};

bool is_allowed(std::uint32_t code) {
  if (code < 0x80) {
    const char c = static_cast<char>(code);
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c >= '\t' && c <= '\r') ||
           std::string_view(" _.:/=+-%@").find(c) != std::string_view::npos;
  }
  return std::any_of(kRanges.begin(), kRanges.end(),
                     [code](const Range& range) { return code >= range.first && code <= range.last; });
}

/// The code point at the front of checked UTF-8, which is removed with it.
std::uint32_t take_code(std::string_view& text) {
  const auto lead = static_cast<std::uint8_t>(text.front());
  const std::size_t length = std::min<std::size_t>(text.size(), lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4);
  std::uint32_t code = length == 1 ? lead : lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) code = code << 6 | (static_cast<std::uint8_t>(text[i]) & 0x3Fu);
  text.remove_prefix(length);
  return code;
}

}  // namespace

bool has_tag_characters_only(std::string_view text) {
  while (!text.empty())
    if (!is_allowed(take_code(text))) return false;
  return true;
}

}  // namespace forebay::wire::kinesis
