#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/units.h"

/// Items of CBOR answers. Maps and arrays have indefinite length, as the service's have: an opening byte, the content,
/// kCborBreak.
namespace forebay::wire::kinesis {

inline constexpr char kCborMap = '\xbf';
inline constexpr char kCborArray = '\x9f';
inline constexpr char kCborBreak = '\xff';

/// Bytes that are no UTF-8 become U+FFFD, so that the answer stays CBOR.
void append_cbor_text(std::string& out, std::string_view text);
void append_cbor_bytes(std::string& out, ByteView bytes);
void append_cbor_integer(std::string& out, std::int64_t value);
inline void append_cbor_boolean(std::string& out, bool value) { out += value ? '\xf5' : '\xf4'; }
/// Tag 1 and milliseconds in eight bytes.
void append_cbor_timestamp(std::string& out, WallTime time);

/// Bytes of the head before a string of this size, at most 9.
std::size_t cbor_head_size(std::uint64_t value);

}  // namespace forebay::wire::kinesis
