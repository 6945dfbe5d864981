#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace forebay {

/// Value of a hexadecimal digit of either case; -1 when it is none.
int hex_digit(char c);
/// Two lower-case digits per byte.
std::string to_hex(ByteView bytes);
/// Bytes of digits of either case; empty when the text is not an even number of digits.
std::optional<Buffer> from_hex(std::string_view text);
/// 16 lower-case digits, the most significant first.
std::string hex_number(std::uint64_t number);

}  // namespace forebay
