#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace forebay {

/// An address of IPv4 or IPv6. An IPv4 address written as IPv6 (::ffff:a.b.c.d) is the IPv4 address.
class IpAddress {
 public:
  /// Network byte order.
  static IpAddress v4(const std::array<std::uint8_t, 4>& bytes);
  static IpAddress v6(const std::array<std::uint8_t, 16>& bytes);
  /// The one usual form only: four decimal numbers without leading zeros, or RFC 4291 text; no brackets, no zone.
  static std::optional<IpAddress> parse(std::string_view text);

  [[nodiscard]] bool is_v4() const { return is_v4_; }
  /// The first 4 bytes count for IPv4.
  [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const IpAddress&, const IpAddress&) = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
  bool is_v4_ = false;
};

/// All addresses that begin with the same bits.
class IpNetwork {
 public:
  /// "10.0.0.0/8", "fd00::/8", or one address. Bits behind the prefix must be zero.
  static std::optional<IpNetwork> parse(std::string_view text);
  IpNetwork(const IpAddress& base, int prefix_bits) : base_(base), bits_(prefix_bits) {}

  [[nodiscard]] bool contains(const IpAddress& address) const;
  /// Holds one address only.
  [[nodiscard]] bool is_single() const { return bits_ == (base_.is_v4() ? 32 : 128); }

 private:
  IpAddress base_;
  int bits_;
};

}  // namespace forebay
