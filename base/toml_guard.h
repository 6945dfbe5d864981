#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace forebay {

inline constexpr std::size_t kTomlFileBytesMax = 256 << 10;
inline constexpr std::size_t kTomlLineBytesMax = 4 << 10;
inline constexpr std::size_t kTomlDotsMax = 16;
inline constexpr std::size_t kTomlNestingMax = 32;

struct TomlProblem {
  std::size_t line = 1;
  std::size_t column = 1;  ///< in bytes
  std::string sentence;
};

/// Refuses texts that toml++ 3.3 handles by undefined behaviour, stack overflow or long work: size, line length, NUL,
/// invalid UTF-8, non-ASCII outside strings and comments, many dots outside strings in one line, deep brackets.
std::optional<TomlProblem> check_toml_text(std::string_view text);

}  // namespace forebay
