#pragma once

#include <bit>
#include <concepts>
#include <cstring>
#include <string_view>

#include "base/bytes.h"

namespace forebay {

/// Bounds-checked cursor over bytes from disk or network. A read past the end returns zero or an empty view and makes
/// ok() false for good, so a decoder reads all its fields and checks once.
class ByteReader {
 public:
  explicit ByteReader(ByteView bytes) : bytes_(bytes) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return position_ == bytes_.size(); }
  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] std::size_t remaining() const { return bytes_.size() - position_; }
  /// Marks the input as bad; every later read returns nothing.
  void fail() {
    ok_ = false;
    position_ = bytes_.size();
  }

  std::uint8_t u8() { return little<std::uint8_t>(); }
  std::uint16_t u16_le() { return little<std::uint16_t>(); }
  std::uint32_t u32_le() { return little<std::uint32_t>(); }
  std::uint64_t u64_le() { return little<std::uint64_t>(); }
  std::int64_t i64_le() { return static_cast<std::int64_t>(u64_le()); }
  std::uint16_t u16_be() { return big<std::uint16_t>(); }
  std::uint32_t u32_be() { return big<std::uint32_t>(); }
  std::uint64_t u64_be() { return big<std::uint64_t>(); }
  std::int32_t i32_be() { return static_cast<std::int32_t>(u32_be()); }
  std::int64_t i64_be() { return static_cast<std::int64_t>(u64_be()); }

  /// Points into the input.
  ByteView bytes(std::size_t count) {
    if (count > remaining()) {
      fail();
      return {};
    }
    ByteView view = bytes_.subspan(position_, count);
    position_ += count;
    return view;
  }
  std::string_view text(std::size_t count) {
    ByteView view = bytes(count);
    return {reinterpret_cast<const char*>(view.data()), view.size()};
  }
  void skip(std::size_t count) { (void)bytes(count); }
  ByteView rest() { return bytes(remaining()); }

 private:
  template <std::unsigned_integral T>
  T load() {
    T value = 0;
    ByteView view = bytes(sizeof(T));
    if (!view.empty()) std::memcpy(&value, view.data(), sizeof(T));
    return value;
  }
  template <std::unsigned_integral T>
  T little() {
    T value = load<T>();
    if constexpr (std::endian::native == std::endian::big) value = swap(value);
    return value;
  }
  template <std::unsigned_integral T>
  T big() {
    T value = load<T>();
    if constexpr (std::endian::native == std::endian::little) value = swap(value);
    return value;
  }
  static std::uint8_t swap(std::uint8_t v) { return v; }
  static std::uint16_t swap(std::uint16_t v) { return __builtin_bswap16(v); }
  static std::uint32_t swap(std::uint32_t v) { return __builtin_bswap32(v); }
  static std::uint64_t swap(std::uint64_t v) { return __builtin_bswap64(v); }

  ByteView bytes_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

}  // namespace forebay
