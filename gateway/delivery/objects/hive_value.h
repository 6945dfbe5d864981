#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "gateway/delivery/objects/hive_type.h"
#include "wire/kinesis/json_value_reader.h"

namespace forebay::gateway::delivery {

/// Reads a JSON value other than null as a value of the type and appends its bytes:
///
///     string     strings as they are; numbers and booleans as written; objects and arrays as JSON without blanks
///     binary     a string of base64
///     integers   a whole number that fits, or a string of one
///     float, double   a number, or a string of one
///     boolean    true, false, "true", "false" (one byte, 0 or 1)
///     timestamp  a number of seconds (milliseconds when too large for that), or a string
///                yyyy-MM-dd HH:mm:ss with up to nine fraction digits, with T for the blank, and Z or +hh:mm behind it
///     date       a string yyyy-MM-dd
///     decimal    a number or a string of one; more fraction digits than the scale are rounded half up
///
/// Success  an empty text; otherwise why the value does not fit, and `out` is unspecified.
std::string read_hive_value(wire::kinesis::JsonReader& in, const HiveType& type, Buffer& out);

/// Microseconds since 1970, UTC.
std::optional<std::int64_t> parse_hive_timestamp(std::string_view text);
/// Days since 1970.
std::optional<std::int32_t> parse_hive_date(std::string_view text);
__extension__ using Int128 = __int128;
/// Times 10^scale, see parquet_module.h. Empty: no number, or more digits than the precision.
std::optional<Int128> parse_hive_decimal(std::string_view text, int precision, int scale);

}  // namespace forebay::gateway::delivery
