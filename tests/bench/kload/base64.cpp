#include "base64.h"

#include <array>
#include <cstdint>

namespace kload {
namespace {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> make_values() {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (int i = 0; i < 64; ++i) values[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  return values;
}
constexpr auto kValues = make_values();

}  // namespace

void append_base64(std::string& out, std::string_view in) {
  std::size_t i = 0;
  std::size_t at = out.size();
  out.resize(at + (in.size() + 2) / 3 * 4);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(in.data());
  for (; i + 2 < in.size(); i += 3) {
    const std::uint32_t v = std::uint32_t{bytes[i]} << 16 | std::uint32_t{bytes[i + 1]} << 8 | bytes[i + 2];
    out[at++] = kAlphabet[v >> 18];
    out[at++] = kAlphabet[v >> 12 & 63];
    out[at++] = kAlphabet[v >> 6 & 63];
    out[at++] = kAlphabet[v & 63];
  }
  if (i == in.size()) return;
  const bool two = i + 1 < in.size();
  const std::uint32_t v = std::uint32_t{bytes[i]} << 16 | (two ? std::uint32_t{bytes[i + 1]} << 8 : 0);
  out[at++] = kAlphabet[v >> 18];
  out[at++] = kAlphabet[v >> 12 & 63];
  out[at++] = two ? kAlphabet[v >> 6 & 63] : '=';
  out[at++] = '=';
}

std::size_t decode_base64(std::string_view in, char* out) {
  std::size_t written = 0;
  std::uint32_t v = 0;
  int bits = 0;
  for (const char c : in) {
    const std::int8_t value = kValues[static_cast<std::uint8_t>(c)];
    if (value < 0) break;
    v = v << 6 | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out[written++] = static_cast<char>(v >> bits);
  }
  return written;
}

}  // namespace kload
