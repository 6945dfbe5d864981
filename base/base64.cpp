#include "base/base64.h"

#include <array>
#include <cstring>

namespace forebay {
namespace {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint32_t kBad = 0x0100'0000;  // outside the 24 bits of a group

/// Two characters for every 12 bits.
using Pairs = std::array<std::array<char, 2>, 4096>;

constexpr Pairs make_pairs() {
  Pairs pairs{};
  for (std::size_t bits = 0; bits < pairs.size(); ++bits) pairs[bits] = {kAlphabet[bits >> 6], kAlphabet[bits & 63]};
  return pairs;
}
constexpr Pairs kPairs = make_pairs();

/// For each place in a group of four characters: the bits a character stands for, already in position.
using Places = std::array<std::array<std::uint32_t, 256>, 4>;

constexpr Places make_places() {
  Places places{};
  for (auto& place : places) place.fill(kBad);
  for (std::uint32_t value = 0; value < 64; ++value)
    for (std::uint32_t place = 0; place < 4; ++place)
      places[place][static_cast<unsigned char>(kAlphabet[value])] = value << (18 - 6 * place);
  return places;
}
constexpr Places kPlaces = make_places();

std::uint32_t group(const unsigned char* in) {
  return kPlaces[0][in[0]] | kPlaces[1][in[1]] | kPlaces[2][in[2]] | kPlaces[3][in[3]];
}

/// The last group, which may be padded; the unused bits must be zero. Returns the bytes written or 0.
std::size_t decode_last(const unsigned char* in, std::uint8_t* out) {
  const std::size_t padding = in[3] != '=' ? 0 : in[2] != '=' ? 1 : 2;
  const unsigned char text[4] = {in[0], in[1], padding == 2 ? static_cast<unsigned char>('A') : in[2],
                                 padding >= 1 ? static_cast<unsigned char>('A') : in[3]};
  const std::uint32_t bits = group(text);
  const std::uint32_t unused = padding == 0 ? 0 : padding == 1 ? 0xff : 0xffff;
  if ((bits & (kBad | unused)) != 0) return 0;
  for (std::size_t i = 0; i < 3 - padding; ++i) out[i] = static_cast<std::uint8_t>(bits >> (16 - 8 * i));
  return 3 - padding;
}

}  // namespace

std::string to_base64(ByteView bytes) {
  std::string text;
  append_base64(text, bytes);
  return text;
}

void append_base64(std::string& out, ByteView bytes) {
  std::size_t at = out.size();
  out.resize(at + (bytes.size() + 2) / 3 * 4, '=');
  const std::uint8_t* in = bytes.data();
  std::size_t left = bytes.size();
  char* to = out.data() + at;
  for (; left >= 3; left -= 3, in += 3, to += 4) {
    const std::uint32_t bits = static_cast<std::uint32_t>(in[0]) << 16 | static_cast<std::uint32_t>(in[1]) << 8 | in[2];
    std::memcpy(to, kPairs[bits >> 12].data(), 2);
    std::memcpy(to + 2, kPairs[bits & 4095].data(), 2);
  }
  at = static_cast<std::size_t>(to - out.data());
  if (left == 0) return;
  const std::uint32_t bits = static_cast<std::uint32_t>(in[0]) << 16 | (left == 2 ? in[1] << 8 : 0);
  out[at++] = kAlphabet[bits >> 18];
  out[at++] = kAlphabet[(bits >> 12) & 63];
  if (left == 2) out[at] = kAlphabet[(bits >> 6) & 63];
}

bool from_base64(std::string_view text, Buffer& out) {
  out.clear();
  return append_from_base64(text, out);
}

bool append_from_base64(std::string_view text, Buffer& out) {
  if (text.size() % 4 != 0) return false;
  if (text.empty()) return true;
  const std::size_t start = out.size();
  out.resize(start + text.size() / 4 * 3);
  const auto* in = reinterpret_cast<const unsigned char*>(text.data());
  std::uint8_t* to = out.data() + start;
  std::uint32_t seen = 0;
  for (const unsigned char* end = in + text.size() - 4; in < end; in += 4, to += 3) {
    const std::uint32_t bits = group(in);
    seen |= bits;
    to[0] = static_cast<std::uint8_t>(bits >> 16);
    to[1] = static_cast<std::uint8_t>(bits >> 8);
    to[2] = static_cast<std::uint8_t>(bits);
  }
  const std::size_t last = decode_last(in, to);
  out.resize(static_cast<std::size_t>(to - out.data()) + last);
  return (seen & kBad) == 0 && last != 0;
}

}  // namespace forebay
