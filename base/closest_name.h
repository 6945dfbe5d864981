#pragma once

#include <span>
#include <string>
#include <string_view>

namespace forebay {

/// Single edits (insert, delete, replace, swap of neighbours) between two names.
std::size_t edit_distance(std::string_view a, std::string_view b);
/// The name most like `typed`, or empty when none is near enough to be a slip of the fingers.
std::string_view closest_name(std::string_view typed, std::span<const std::string_view> names);
/// `did you mean "max_size"?`, or empty.
std::string did_you_mean(std::string_view typed, std::span<const std::string_view> names);

}  // namespace forebay
