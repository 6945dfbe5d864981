#include "base/ip_address.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <vector>

namespace forebay {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/// A whole number in the given base without sign, blanks or more than `digits_max` digits.
std::optional<unsigned> number(std::string_view text, int base, std::size_t digits_max) {
  if (text.empty() || text.size() > digits_max) return std::nullopt;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::array<std::uint8_t, 4>> parse_v4(std::string_view text) {
  std::array<std::uint8_t, 4> bytes{};
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t dot = text.find('.');
    if ((dot == std::string_view::npos) != (i == 3)) return std::nullopt;
    const std::string_view part = text.substr(0, dot);
    const auto value = number(part, 10, 3);
    if (!value || *value > 255 || (part.size() > 1 && part.front() == '0')) return std::nullopt;
    bytes[i] = static_cast<std::uint8_t>(*value);
    if (i < 3) text.remove_prefix(dot + 1);
  }
  return bytes;
}

/// Bytes of "a:b:c", at the end of an address possibly ending in one of IPv4; "" is none.
std::optional<std::vector<std::uint8_t>> parse_groups(std::string_view text, bool at_end) {
  std::vector<std::uint8_t> bytes;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view part = text.substr(0, colon);
    if (const auto v4 = at_end && colon == std::string_view::npos ? parse_v4(part) : std::nullopt) {
      bytes.insert(bytes.end(), v4->begin(), v4->end());
    } else {
      const auto group = number(part, 16, 4);
      if (!group || bytes.size() >= 16) return std::nullopt;
      bytes.push_back(static_cast<std::uint8_t>(*group >> 8));
      bytes.push_back(static_cast<std::uint8_t>(*group & 255));
    }
    if (colon == std::string_view::npos) return bytes;
    text.remove_prefix(colon + 1);
    if (text.empty()) return std::nullopt;  // ends in a single colon
  }
  return bytes;
}

std::optional<std::array<std::uint8_t, 16>> parse_v6(std::string_view text) {
  const std::size_t gap = text.find("::");
  const auto head = parse_groups(text.substr(0, gap), gap == std::string_view::npos);
  const auto tail = gap == std::string_view::npos ? std::optional(std::vector<std::uint8_t>())
                                                  : parse_groups(text.substr(gap + 2), true);
  if (!head || !tail) return std::nullopt;
  const std::size_t size = head->size() + tail->size();
  if (gap == std::string_view::npos ? size != 16 : size > 14) return std::nullopt;
  std::array<std::uint8_t, 16> bytes{};
  std::copy(head->begin(), head->end(), bytes.begin());
  std::copy(tail->begin(), tail->end(), bytes.end() - static_cast<std::ptrdiff_t>(tail->size()));
  return bytes;
}

bool same_bits(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b, int bits) {
  for (std::size_t i = 0; bits > 0; ++i, bits -= 8) {
    const auto mask = bits >= 8 ? 0xffu : (0xff00u >> bits) & 0xffu;
    if (((a[i] ^ b[i]) & mask) != 0) return false;
  }
  return true;
}

}  // namespace

IpAddress IpAddress::v4(const std::array<std::uint8_t, 4>& bytes) {
  IpAddress address;
  std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
  address.is_v4_ = true;
  return address;
}

IpAddress IpAddress::v6(const std::array<std::uint8_t, 16>& bytes) {
  if (std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin()))
    return v4({bytes[12], bytes[13], bytes[14], bytes[15]});
  IpAddress address;
  address.bytes_ = bytes;
  return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (const auto bytes = parse_v4(text)) return v4(*bytes);
  if (const auto bytes = parse_v6(text)) return v6(*bytes);
  return std::nullopt;
}

std::string IpAddress::to_string() const {
  std::string out;
  if (is_v4_) {
    for (std::size_t i = 0; i < 4; ++i) out.append(i == 0 ? "" : ".").append(std::to_string(bytes_[i]));
    return out;
  }
  // All eight groups: an address in a message is looked up, not admired.
  constexpr char kHex[] = "0123456789abcdef";
  for (std::size_t i = 0; i < 16; i += 2) {
    if (i > 0) out += ':';
    const unsigned group = bytes_[i] * 256u + bytes_[i + 1];
    bool started = false;
    for (int shift = 12; shift >= 0; shift -= 4) {
      const unsigned digit = (group >> shift) & 15;
      started = started || digit != 0 || shift == 0;
      if (started) out += kHex[digit];
    }
  }
  return out;
}

std::optional<IpNetwork> IpNetwork::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto base = IpAddress::parse(text.substr(0, slash));
  if (!base) return std::nullopt;
  const unsigned width = base->is_v4() ? 32 : 128;
  const auto bits = slash == std::string_view::npos ? std::optional(width) : number(text.substr(slash + 1), 10, 3);
  if (!bits || *bits > width) return std::nullopt;
  for (unsigned i = *bits; i < width; ++i)
    if ((base->bytes()[i / 8] & (0x80u >> (i % 8))) != 0) return std::nullopt;
  return IpNetwork(*base, static_cast<int>(*bits));
}

bool IpNetwork::contains(const IpAddress& address) const {
  return address.is_v4() == base_.is_v4() && same_bits(address.bytes(), base_.bytes(), bits_);
}

}  // namespace forebay
