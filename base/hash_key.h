#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace forebay {

/// The 128-bit number that decides a record's shard: MD5 of the partition key, read big-endian, or given explicitly.
struct HashKey {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend auto operator<=>(const HashKey&, const HashKey&) = default;

  static constexpr HashKey max() { return {~std::uint64_t{0}, ~std::uint64_t{0}}; }
  /// The key one above; max() wraps to zero.
  [[nodiscard]] constexpr HashKey next() const { return {high + (low == ~std::uint64_t{0} ? 1 : 0), low + 1}; }
  [[nodiscard]] constexpr HashKey previous() const { return {high - (low == 0 ? 1 : 0), low - 1}; }
};

HashKey hash_key_of(std::string_view partition_key);
std::string to_decimal(HashKey key);
/// Empty unless `text` is 0 or digits without a leading zero, at most 2^128-1.
std::optional<HashKey> hash_key_from_decimal(std::string_view text);

/// Inclusive interval of hash keys owned by one shard.
struct HashKeyRange {
  HashKey start;
  HashKey end = HashKey::max();

  [[nodiscard]] bool contains(HashKey key) const { return start <= key && key <= end; }
  friend bool operator==(const HashKeyRange&, const HashKeyRange&) = default;
};

}  // namespace forebay
