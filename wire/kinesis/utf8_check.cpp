#include "wire/kinesis/utf8_check.h"

#include <cstdint>
#include <cstring>

#include "base/utf8.h"

namespace forebay::wire::kinesis {
namespace {

constexpr std::size_t kWord = sizeof(std::uint64_t);

bool is_ascii_word(const char* data) {
  std::uint64_t word = 0;
  std::memcpy(&word, data, kWord);
  return (word & 0x8080'8080'8080'8080) == 0;
}

/// Bytes at the start that are ASCII for certain.
std::size_t ascii_size(std::string_view text) {
  std::size_t size = 0;
  while (text.size() - size >= kWord && is_ascii_word(text.data() + size)) size += kWord;
  while (size < text.size() && static_cast<unsigned char>(text[size]) < 0x80) ++size;
  return size;
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (true) {
    text.remove_prefix(ascii_size(text));
    if (text.empty()) return true;
    const std::size_t size = utf8_sequence_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
}

}  // namespace forebay::wire::kinesis
