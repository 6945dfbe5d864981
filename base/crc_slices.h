#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"

namespace forebay {

/// Eight bytes as a little-endian number.
inline std::uint64_t load_le64(const std::uint8_t* data) {
  std::uint64_t value = 0;
  std::memcpy(&value, data, sizeof value);
  if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap64(value);
  return value;
}

/// Tables of a 32-bit checksum with a reflected polynomial: tables[k][b] is the checksum of byte b followed by k zero
/// bytes, so eight bytes cost eight look-ups.
class CrcSlices {
 public:
  constexpr explicit CrcSlices(std::uint32_t polynomial) : tables_() {
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
      std::uint32_t crc = byte;
      for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? polynomial : 0);
      tables_[0][byte] = crc;
    }
    for (std::size_t k = 1; k < 8; ++k)
      for (std::size_t byte = 0; byte < 256; ++byte)
        tables_[k][byte] = (tables_[k - 1][byte] >> 8) ^ tables_[0][tables_[k - 1][byte] & 0xff];
  }

  /// Goes on from the checksum of what came before (0: nothing), with all ones before and after as usual.
  [[nodiscard]] std::uint32_t checksum(ByteView bytes, std::uint32_t crc) const {
    const std::uint8_t* data = bytes.data();
    std::size_t left = bytes.size();
    crc = ~crc;
    for (; left >= 8; left -= 8, data += 8) {
      const std::uint64_t v = load_le64(data) ^ crc;
      crc = tables_[7][v & 0xff] ^ tables_[6][(v >> 8) & 0xff] ^ tables_[5][(v >> 16) & 0xff] ^
            tables_[4][(v >> 24) & 0xff] ^ tables_[3][(v >> 32) & 0xff] ^ tables_[2][(v >> 40) & 0xff] ^
            tables_[1][(v >> 48) & 0xff] ^ tables_[0][v >> 56];
    }
    for (; left > 0; --left) crc = (crc >> 8) ^ tables_[0][(crc ^ *data++) & 0xff];
    return ~crc;
  }

 private:
  std::array<std::array<std::uint32_t, 256>, 8> tables_;
};

}  // namespace forebay
