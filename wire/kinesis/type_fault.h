#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace forebay::wire::kinesis {

/// Types of described members.
enum class Wanted : std::uint8_t { string, integer, long_integer, boolean, blob, timestamp, list, map, structure };
/// What a body holds instead; blobs and strings differ in CBOR only.
enum class Found : std::uint8_t { boolean, number, string, blob, list, structure };

/// The service's sentence for a value of a wrong type. `text` is the value when a string was found.
std::string wrong_type_text(Wanted wanted, Found found, std::string_view text);

}  // namespace forebay::wire::kinesis
