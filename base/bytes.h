#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace forebay {

/// Bytes somebody else owns; valid as long as the owner says.
using ByteView = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;
/// Bytes this object owns.
using Buffer = std::vector<std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Buffer to_buffer(ByteView bytes) { return Buffer(bytes.begin(), bytes.end()); }
inline void append(Buffer& buffer, ByteView bytes) { buffer.insert(buffer.end(), bytes.begin(), bytes.end()); }

}  // namespace forebay
