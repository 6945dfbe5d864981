#include "base/crc32c.h"

#include "base/crc_slices.h"

#include <array>

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__aarch64__)
#include <arm_acle.h>
#include <sys/auxv.h>
#ifndef HWCAP_CRC32
#define HWCAP_CRC32 (1 << 7)
#endif
#endif

namespace forebay {
namespace {

constexpr std::uint32_t kPolynomial = 0x82f63b78;  // reflected

constexpr CrcSlices kSlices(kPolynomial);

}  // namespace

std::uint32_t crc32c_table(ByteView bytes, std::uint32_t crc) { return kSlices.checksum(bytes, crc); }

#if defined(__x86_64__) || defined(__aarch64__)
namespace {

// Instructions have a latency of three cycles and a throughput of one, so long inputs are read as three streams whose
// results are joined: the first stream's value is moved on by as many zero bytes as the others are long.
using Matrix = std::array<std::uint32_t, 32>;
using ShiftTables = std::array<std::array<std::uint32_t, 256>, 4>;

constexpr std::uint32_t times(const Matrix& matrix, std::uint32_t vector) {
  std::uint32_t sum = 0;
  for (int i = 0; vector != 0; vector >>= 1, ++i)
    if ((vector & 1) != 0) sum ^= matrix[static_cast<std::size_t>(i)];
  return sum;
}

constexpr ShiftTables make_shift_tables(std::size_t zero_bytes_log2) {
  Matrix shift{};  // one zero bit
  shift[0] = kPolynomial;
  for (std::size_t i = 1; i < 32; ++i) shift[i] = 1U << (i - 1);
  for (std::size_t doubling = 0; doubling < zero_bytes_log2 + 3; ++doubling) {
    Matrix squared{};
    for (std::size_t i = 0; i < 32; ++i) squared[i] = times(shift, shift[i]);
    shift = squared;
  }
  ShiftTables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte)
    for (std::uint32_t k = 0; k < 4; ++k) tables[k][byte] = times(shift, byte << (8 * k));
  return tables;
}

constexpr std::size_t kLongLog2 = 12;
constexpr std::size_t kShortLog2 = 8;
constexpr ShiftTables kLongShift = make_shift_tables(kLongLog2);
constexpr ShiftTables kShortShift = make_shift_tables(kShortLog2);

std::uint32_t shifted(const ShiftTables& tables, std::uint32_t crc) {
  return tables[0][crc & 0xff] ^ tables[1][(crc >> 8) & 0xff] ^ tables[2][(crc >> 16) & 0xff] ^ tables[3][crc >> 24];
}

#if defined(__x86_64__)
#define FB_CRC_TARGET __attribute__((target("sse4.2")))
FB_CRC_TARGET inline std::uint32_t step8(std::uint32_t crc, std::uint64_t value) {
  return static_cast<std::uint32_t>(_mm_crc32_u64(crc, value));
}
FB_CRC_TARGET inline std::uint32_t step1(std::uint32_t crc, std::uint8_t value) { return _mm_crc32_u8(crc, value); }
bool has_instruction() { return __builtin_cpu_supports("sse4.2") != 0; }
#else
#define FB_CRC_TARGET __attribute__((target("+crc")))
FB_CRC_TARGET inline std::uint32_t step8(std::uint32_t crc, std::uint64_t value) { return __crc32cd(crc, value); }
FB_CRC_TARGET inline std::uint32_t step1(std::uint32_t crc, std::uint8_t value) { return __crc32cb(crc, value); }
bool has_instruction() { return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0; }
#endif

/// Takes whole groups of three stretches of 2^log2 bytes off the front.
FB_CRC_TARGET std::uint32_t interleaved(std::uint32_t crc, ByteView& bytes, std::size_t log2,
                                        const ShiftTables& shift) {
  const std::size_t stretch = std::size_t{1} << log2;
  while (bytes.size() >= 3 * stretch) {
    const std::uint8_t* data = bytes.data();
    std::uint32_t second = 0;
    std::uint32_t third = 0;
    for (const std::uint8_t* end = data + stretch; data < end; data += 8) {
      crc = step8(crc, load_le64(data));
      second = step8(second, load_le64(data + stretch));
      third = step8(third, load_le64(data + 2 * stretch));
    }
    crc = shifted(shift, shifted(shift, crc) ^ second) ^ third;
    bytes = bytes.subspan(3 * stretch);
  }
  return crc;
}

FB_CRC_TARGET std::uint32_t crc32c_instruction(ByteView bytes, std::uint32_t crc) {
  crc = interleaved(~crc, bytes, kLongLog2, kLongShift);
  crc = interleaved(crc, bytes, kShortLog2, kShortShift);
  const std::uint8_t* data = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, data += 8) crc = step8(crc, load_le64(data));
  for (; left > 0; --left) crc = step1(crc, *data++);
  return ~crc;
}

}  // namespace

std::uint32_t crc32c(ByteView bytes, std::uint32_t crc) {
  static const bool instruction = has_instruction();
  return instruction ? crc32c_instruction(bytes, crc) : crc32c_table(bytes, crc);
}
#else
std::uint32_t crc32c(ByteView bytes, std::uint32_t crc) { return crc32c_table(bytes, crc); }
#endif

}  // namespace forebay
