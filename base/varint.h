#pragma once

#include "base/byte_reader.h"
#include "base/bytes.h"

namespace forebay {

/// Unsigned LEB128, at most ten bytes. A longer or overflowing one fails the reader.
std::uint64_t read_uvarint(ByteReader& reader);
void write_uvarint(Buffer& out, std::uint64_t value);

/// Zig-zag signed varints, the form Kafka records use.
inline std::int64_t read_varint(ByteReader& reader) {
  const std::uint64_t raw = read_uvarint(reader);
  return static_cast<std::int64_t>(raw >> 1) ^ -static_cast<std::int64_t>(raw & 1);
}
inline std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
inline void write_varint(Buffer& out, std::int64_t value) { write_uvarint(out, zigzag(value)); }

/// Bytes write_uvarint() uses.
inline std::size_t uvarint_size(std::uint64_t value) {
  std::size_t size = 1;
  while (value >= 0x80) {
    value >>= 7;
    ++size;
  }
  return size;
}
inline std::size_t varint_size(std::int64_t value) { return uvarint_size(zigzag(value)); }

}  // namespace forebay
