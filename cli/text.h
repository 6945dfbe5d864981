#pragma once

#include <string>
#include <string_view>

namespace forebay::cli {

/// True when the bytes are well-formed UTF-8.
bool is_utf8(std::string_view text);

/// For a terminal line: control characters and malformed bytes as \n, \t or \xNN, so that data cannot drive the
/// terminal.
std::string printable(std::string_view text);

/// "1,234,567"
std::string with_commas(std::uint64_t number);

/// "1 record", "1,234 records", "2 entries", "3 keys"
std::string counted(std::uint64_t number, std::string_view noun);

/// "999 B", "1.5 KiB", "64.0 MiB"
std::string format_bytes(std::uint64_t bytes);

}  // namespace forebay::cli
