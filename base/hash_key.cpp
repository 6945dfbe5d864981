#include "base/hash_key.h"

#include <algorithm>
#include <array>

#include "base/byte_reader.h"
#include "base/digest.h"

namespace forebay {
namespace {

// Four 32-bit limbs, most significant first: 32-bit ARM has no 128-bit integers.
using Limbs = std::array<std::uint32_t, 4>;

Limbs to_limbs(HashKey key) {
  return {static_cast<std::uint32_t>(key.high >> 32), static_cast<std::uint32_t>(key.high),
          static_cast<std::uint32_t>(key.low >> 32), static_cast<std::uint32_t>(key.low)};
}

HashKey from_limbs(const Limbs& limbs) {
  return {static_cast<std::uint64_t>(limbs[0]) << 32 | limbs[1], static_cast<std::uint64_t>(limbs[2]) << 32 | limbs[3]};
}

/// Divides in place and returns the remainder.
std::uint32_t divide(Limbs& limbs, std::uint32_t divisor) {
  std::uint64_t rest = 0;
  for (std::uint32_t& limb : limbs) {
    rest = rest << 32 | limb;
    limb = static_cast<std::uint32_t>(rest / divisor);
    rest %= divisor;
  }
  return static_cast<std::uint32_t>(rest);
}

/// limbs * 10 + digit; false when it does not fit.
bool push_digit(Limbs& limbs, std::uint32_t digit) {
  std::uint64_t carry = digit;
  for (auto limb = limbs.rbegin(); limb != limbs.rend(); ++limb) {
    carry += static_cast<std::uint64_t>(*limb) * 10;
    *limb = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  return carry == 0;
}

}  // namespace

HashKey hash_key_of(std::string_view partition_key) {
  const Md5 digest = md5(as_bytes(partition_key));
  ByteReader reader(digest);
  const std::uint64_t high = reader.u64_be();
  return {high, reader.u64_be()};
}

std::string to_decimal(HashKey key) {
  Limbs limbs = to_limbs(key);
  std::string reversed;
  do {
    std::uint32_t nine_digits = divide(limbs, 1'000'000'000);
    for (int i = 0; i < 9; ++i, nine_digits /= 10) reversed += static_cast<char>('0' + nine_digits % 10);
  } while (limbs != Limbs{});
  while (reversed.size() > 1 && reversed.back() == '0') reversed.pop_back();
  std::reverse(reversed.begin(), reversed.end());
  return reversed;
}

std::optional<HashKey> hash_key_from_decimal(std::string_view text) {
  if (text.empty() || text.size() > 39 || (text[0] == '0' && text.size() > 1)) return std::nullopt;
  Limbs limbs{};
  for (const char c : text) {
    if (c < '0' || c > '9' || !push_digit(limbs, static_cast<std::uint32_t>(c - '0'))) return std::nullopt;
  }
  return from_limbs(limbs);
}

}  // namespace forebay
