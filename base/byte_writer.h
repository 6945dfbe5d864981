#pragma once

#include <bit>
#include <concepts>
#include <cstring>
#include <string_view>

#include "base/assert.h"
#include "base/bytes.h"

namespace forebay {

/// Appends fields to a Buffer the caller owns.
class ByteWriter {
 public:
  explicit ByteWriter(Buffer& buffer) : buffer_(&buffer) {}

  [[nodiscard]] std::size_t position() const { return buffer_->size(); }

  void u8(std::uint8_t v) { buffer_->push_back(v); }
  void u16_le(std::uint16_t v) { little(v); }
  void u32_le(std::uint32_t v) { little(v); }
  void u64_le(std::uint64_t v) { little(v); }
  void i64_le(std::int64_t v) { little(static_cast<std::uint64_t>(v)); }
  void u16_be(std::uint16_t v) { big(v); }
  void u32_be(std::uint32_t v) { big(v); }
  void u64_be(std::uint64_t v) { big(v); }
  void i32_be(std::int32_t v) { big(static_cast<std::uint32_t>(v)); }
  void i64_be(std::int64_t v) { big(static_cast<std::uint64_t>(v)); }
  void bytes(ByteView view) { append(*buffer_, view); }
  void text(std::string_view view) { append(*buffer_, as_bytes(view)); }
  void zeros(std::size_t count) { buffer_->insert(buffer_->end(), count, 0); }

  /// Overwrites four bytes written before.
  void patch_u32_le(std::size_t position, std::uint32_t v) {
    FB_ASSERT(position + 4 <= buffer_->size());
    for (int i = 0; i < 4; ++i) (*buffer_)[position + i] = static_cast<std::uint8_t>(v >> (8 * i));
  }
  void patch_u32_be(std::size_t position, std::uint32_t v) { patch_u32_le(position, __builtin_bswap32(v)); }

 private:
  template <std::unsigned_integral T>
  void little(T v) {
    for (std::size_t i = 0; i < sizeof(T); ++i) buffer_->push_back(static_cast<std::uint8_t>(v >> (8 * i)));
  }
  template <std::unsigned_integral T>
  void big(T v) {
    for (std::size_t i = sizeof(T); i-- > 0;) buffer_->push_back(static_cast<std::uint8_t>(v >> (8 * i)));
  }

  Buffer* buffer_;
};

}  // namespace forebay
