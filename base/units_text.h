#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/units.h"

namespace forebay {

/// A whole number with an optional unit: B, kB, MB, GB, TB (powers of 1000) or KiB, MiB, GiB, TiB; no unit is bytes.
/// Empty when malformed or over 2^63-1.
std::optional<std::uint64_t> parse_size(std::string_view text);
/// A whole number with a unit: ms, s, min, h, d; "0" alone is allowed. Empty when malformed or too large.
std::optional<Milliseconds> parse_duration(std::string_view text);

/// The largest binary unit that divides it: "64 MiB", "1500 B".
std::string format_size(std::uint64_t bytes);
/// The largest unit that divides it: "90 s", "1 h".
std::string format_duration(Milliseconds duration);

}  // namespace forebay
