#include "wire/kinesis/sequence_number.h"

#include <algorithm>
#include <array>

namespace forebay::wire::kinesis {
namespace {

// 47 hex digits, most significant first: '2', created 9, low nibble of the shard 1, counter 16, 00, arrival 9, shard 8,
// version '2'. Kept as six 32-bit words, least significant first.
using Words = std::array<std::uint32_t, 6>;
constexpr int kHexDigits = 47;
constexpr std::uint64_t kChunk = 1'000'000'000;
constexpr std::size_t kDigitsMax = 57;  ///< 2^188 has 57

/// Writes `digits` hex digits whose last one is digit `last` of 47, counted from 0 at the front.
void put(Words& words, int last, int digits, std::uint64_t value) {
  if (digits < 16) value &= (std::uint64_t{1} << (digits * 4)) - 1;
  const int bit = (kHexDigits - 1 - last) * 4;
  const auto word = static_cast<std::size_t>(bit / 32);
  const int shift = bit % 32;
  words[word] |= static_cast<std::uint32_t>(value << shift);
  if (word + 1 < words.size()) words[word + 1] |= static_cast<std::uint32_t>(value >> (32 - shift));
  if (word + 2 < words.size() && shift != 0) words[word + 2] |= static_cast<std::uint32_t>(value >> 32 >> (32 - shift));
}

std::uint64_t get(const Words& words, int last, int digits) {
  std::uint64_t value = 0;
  for (int i = digits - 1; i >= 0; --i) {
    const int from_right = kHexDigits - 1 - (last - i);
    value = value << 4 | (words[static_cast<std::size_t>(from_right / 8)] >> (from_right % 8 * 4) & 15);
  }
  return value;
}

Words pack(const SequenceNumber& number) {
  Words words{};
  put(words, 0, 1, 2);
  put(words, 9, 9, static_cast<std::uint64_t>(number.created_s));
  put(words, 10, 1, number.shard & 15);
  put(words, 26, 16, number.counter);
  put(words, 37, 9, static_cast<std::uint64_t>(number.arrival_s));
  put(words, 45, 8, number.shard);
  put(words, 46, 1, 2);
  return words;
}

/// Divides the first `size` words by 10^9 in place and returns the remainder; `size` shrinks past words that became
/// zero.
std::uint32_t divide(Words& words, std::size_t& size) {
  std::uint64_t rest = 0;
  for (std::size_t i = size; i-- > 0;) {
    const std::uint64_t part = rest << 32 | words[i];
    words[i] = static_cast<std::uint32_t>(part / kChunk);
    rest = part % kChunk;
  }
  while (size > 0 && words[size - 1] == 0) --size;
  return static_cast<std::uint32_t>(rest);
}

/// Nine digits, two at a time.
void put_chunk(char* to, std::uint32_t chunk) {
  for (int i = 7; i > 0; i -= 2, chunk /= 100) {
    to[i + 1] = static_cast<char>('0' + chunk % 10);
    to[i] = static_cast<char>('0' + chunk / 10 % 10);
  }
  to[0] = static_cast<char>('0' + chunk);
}

/// False when the value does not fit.
bool multiply_add(Words& words, std::uint32_t factor, std::uint32_t add) {
  std::uint64_t carry = add;
  for (std::uint32_t& word : words) {
    carry += std::uint64_t{word} * factor;
    word = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  return carry == 0;
}

}  // namespace

void append_decimal(const SequenceNumber& number, std::string& out) {
  Words words = pack(number);
  std::array<char, 63> digits;  // seven chunks of nine
  std::size_t size = words.size();
  for (std::size_t chunk = 7; chunk-- > 0;) put_chunk(digits.data() + chunk * 9, divide(words, size));
  const auto first = std::find_if(digits.begin(), digits.end(), [](char c) { return c != '0'; });
  out.append(first, digits.end());
}

std::string to_decimal(const SequenceNumber& number) {
  std::string out;
  append_decimal(number, out);
  return out;
}

std::optional<SequenceNumber> parse_sequence_number(std::string_view text) {
  if (text.empty() || text.size() > kDigitsMax || text[0] == '0') return std::nullopt;
  Words words{};
  for (char c : text)
    if (c < '0' || c > '9' || !multiply_add(words, 10, static_cast<std::uint32_t>(c - '0'))) return std::nullopt;
  SequenceNumber number;
  number.created_s = static_cast<std::int64_t>(get(words, 9, 9));
  number.counter = get(words, 26, 16);
  number.arrival_s = static_cast<std::int64_t>(get(words, 37, 9));
  number.shard = static_cast<std::uint32_t>(get(words, 45, 8));
  // Everything else is fixed: the number must be the one these fields make.
  if (number.counter > kEndCounter || pack(number) != words) return std::nullopt;
  return number;
}

}  // namespace forebay::wire::kinesis
