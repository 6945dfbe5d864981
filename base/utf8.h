#pragma once

#include <cstddef>
#include <string_view>

namespace forebay {

/// Bytes of the well-formed UTF-8 sequence at the start of `text` (1 to 4), or 0: overlong forms, surrogates and values
/// above U+10FFFF are malformed.
std::size_t utf8_sequence_size(std::string_view text);

/// Position of the first byte that is not well-formed UTF-8, or npos.
std::size_t utf8_error_position(std::string_view text);

}  // namespace forebay
