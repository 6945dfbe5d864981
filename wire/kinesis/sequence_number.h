#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace forebay::wire::kinesis {

/// Position of a record as clients see it: about 56 decimal digits over a fixed layout of 188 bits (kinesis 3.3).
struct SequenceNumber {
  std::int64_t created_s = 0;  ///< creation of the shard, seconds since 1970; 36 bits
  std::uint32_t shard = 0;
  std::uint64_t counter = 0;   ///< offset of the record; kEndCounter in the ending number of a closed shard
  std::int64_t arrival_s = 0;  ///< 36 bits

  friend bool operator==(const SequenceNumber&, const SequenceNumber&) = default;
};

inline constexpr std::uint64_t kEndCounter = 0x7fff'ffff'ffff'ffff;

/// Numbers compare as their decimals do within one shard: by counter.
std::string to_decimal(const SequenceNumber& number);
void append_decimal(const SequenceNumber& number, std::string& out);

/// Empty unless `text` is a decimal of this layout: version 2, both copies of the shard number equal.
std::optional<SequenceNumber> parse_sequence_number(std::string_view text);

}  // namespace forebay::wire::kinesis
