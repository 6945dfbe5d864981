#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/units.h"

/// Small pieces of JSON text and of the service's error texts.
namespace forebay::wire::kinesis {

/// Quoted and escaped; bytes that are no UTF-8 become U+FFFD, so that the answer stays JSON.
void append_json_string(std::string& out, std::string_view text);
/// Seconds with three decimals, never an exponent: 1459799926.480
void append_json_timestamp(std::string& out, WallTime time);
void append_integer(std::string& out, std::int64_t value);

/// Value of a well-formed JSON number; out of range gives the largest double of its sign or zero.
double json_number(std::string_view number);
/// A number that stands for a time: seconds, or milliseconds when it is too large for seconds. Far times are clamped.
WallTime time_from_number(double value);

/// Text for an error message: at most `bytes_max`, cut between characters.
std::string_view shortened(std::string_view text, std::size_t bytes_max = 64 * 1024);
/// The first UTF-8 character.
std::string_view first_character(std::string_view text);
/// ASCII letters only.
std::string upper_cased(std::string_view text);

}  // namespace forebay::wire::kinesis
