#include "wire/kinesis/crc32.h"

#include <array>
#include <bit>
#include <cstring>

namespace forebay::wire::kinesis {
namespace {

constexpr std::uint32_t kPolynomial = 0xedb88320;  // reflected

/// tables[k][b] is the checksum of byte b followed by k zero bytes, so eight bytes cost eight look-ups.
using SliceTables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr SliceTables make_slice_tables() {
  SliceTables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    tables[0][byte] = crc;
  }
  for (std::size_t k = 1; k < 8; ++k)
    for (std::size_t byte = 0; byte < 256; ++byte)
      tables[k][byte] = (tables[k - 1][byte] >> 8) ^ tables[0][tables[k - 1][byte] & 0xff];
  return tables;
}
constexpr SliceTables kSlices = make_slice_tables();

std::uint64_t load_le(const std::uint8_t* data) {
  std::uint64_t value = 0;
  std::memcpy(&value, data, sizeof value);
  if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap64(value);
  return value;
}

}  // namespace

std::uint32_t crc32(ByteView bytes, std::uint32_t crc) {
  const std::uint8_t* data = bytes.data();
  std::size_t left = bytes.size();
  crc = ~crc;
  for (; left >= 8; left -= 8, data += 8) {
    const std::uint64_t v = load_le(data) ^ crc;
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < 8; ++i) next ^= kSlices[7 - i][v >> (8 * i) & 0xff];
    crc = next;
  }
  for (; left > 0; --left) crc = (crc >> 8) ^ kSlices[0][(crc ^ *data++) & 0xff];
  return ~crc;
}

}  // namespace forebay::wire::kinesis
