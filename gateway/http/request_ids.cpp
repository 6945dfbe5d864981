#include "gateway/http/request_ids.h"

#include <cstring>

#include "base/base64.h"

namespace forebay::gateway::http {

// xoroshiro128+
std::uint64_t RequestIds::next() {
  const auto rotate = [](std::uint64_t v, int by) { return (v << by) | (v >> (64 - by)); };
  const std::uint64_t s0 = state_[0];
  std::uint64_t s1 = state_[1];
  const std::uint64_t result = s0 + s1;
  s1 ^= s0;
  state_[0] = rotate(s0, 24) ^ s1 ^ (s1 << 16);
  state_[1] = rotate(s1, 37);
  return result;
}

void RequestIds::append_uuid(std::string& out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::uint64_t high = (next() & ~std::uint64_t{0xf000}) | 0x4000;
  std::uint64_t low = (next() & ~(std::uint64_t{3} << 62)) | (std::uint64_t{2} << 62);
  char text[36];
  for (int i = 0, at = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) text[at++] = '-';
    std::uint64_t& word = i < 16 ? high : low;
    text[at++] = kDigits[word >> 60];
    word <<= 4;
  }
  out.append(text, sizeof(text));
}

void RequestIds::append_extended_id(std::string& out) {
  std::uint64_t words[9];
  for (std::uint64_t& word : words) word = next();
  append_base64(out, ByteView(reinterpret_cast<const std::uint8_t*>(words), sizeof(words)));
}

}  // namespace forebay::gateway::http
