#include "gateway/delivery/stores/address_guard.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "wire/aws/uri.h"

namespace forebay::gateway::delivery {
namespace {

struct Range {
  std::array<std::uint8_t, 16> base;
  int bits;
};

/// IANA's special-purpose registry, what is not globally reachable.
constexpr Range kRefusedV4[] = {
    {{0}, 8},              // this network
    {{10}, 8},             // private
    {{100, 64}, 10},       // shared by carriers
    {{127}, 8},            // loopback
    {{169, 254}, 16},      // link-local, metadata
    {{172, 16}, 12},       // private
    {{192, 0, 0}, 24},     // protocol assignments
    {{192, 0, 2}, 24},     // documentation
    {{192, 88, 99}, 24},   // 6to4 relays
    {{192, 168}, 16},      // private
    {{198, 18}, 15},       // benchmarks
    {{198, 51, 100}, 24},  // documentation
    {{203, 0, 113}, 24},   // documentation
    {{224}, 3},            // multicast, reserved, broadcast
};
/// Of IPv6 only 2000::/3 is reachable at all, and of that not these.
constexpr Range kGlobalV6 = {{0x20}, 3};
constexpr Range kRefusedV6[] = {
    {{0x20, 0x01, 0x00}, 23},        // Teredo and other protocols
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    {{0x20, 0x02}, 16},              // 6to4: an IPv4 address behind a relay
    {{0x3f, 0xff, 0x00}, 20},        // documentation
};
constexpr Range kNat64 = {{0x00, 0x64, 0xff, 0x9b}, 96};
/// 168.63.129.16 looks public: Azure's machines alone reach it.
constexpr const char* kMetadata[] = {"169.254.169.254", "169.254.170.2", "169.254.170.23",
                                     "100.100.100.200", "192.0.0.192",   "168.63.129.16",
                                     "fd00:ec2::254",   "fd00:ec2::23",  "fd20:ce::254"};

bool holds(const Range& range, const IpAddress& address, bool v4) {
  const IpAddress base =
      v4 ? IpAddress::v4({range.base[0], range.base[1], range.base[2], range.base[3]}) : IpAddress::v6(range.base);
  return IpNetwork(base, range.bits).contains(address);
}

IpAddress without_translation(const IpAddress& address) {
  if (address.is_v4() || !holds(kNat64, address, false)) return address;
  const auto& bytes = address.bytes();
  return IpAddress::v4({bytes[12], bytes[13], bytes[14], bytes[15]});
}

bool is_public(const IpAddress& address) {
  const bool v4 = address.is_v4();
  const auto inside = [&](const Range& range) { return holds(range, address, v4); };
  if (v4) return std::none_of(std::begin(kRefusedV4), std::end(kRefusedV4), inside);
  return holds(kGlobalV6, address, false) && std::none_of(std::begin(kRefusedV6), std::end(kRefusedV6), inside);
}

bool is_metadata(const IpAddress& address) {
  return std::any_of(std::begin(kMetadata), std::end(kMetadata),
                     [&](const char* text) { return IpAddress::parse(text) == address; });
}

/// One part of what inet_aton() takes: decimal, 0 octal, 0x hexadecimal.
std::optional<std::uint64_t> loose_number(std::string_view part) {
  int base = 10;
  if (part.size() > 1 && part[0] == '0') base = part[1] == 'x' || part[1] == 'X' ? 16 : 8;
  part.remove_prefix(base == 16 ? 2 : 0);
  if (part.empty()) return base == 16 ? std::optional<std::uint64_t>(0) : std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value, base);
  if (error != std::errc() || end != part.data() + part.size()) return std::nullopt;
  return value;
}

/// An IPv4 address in the forms of old: "2130706433", "0x7f.1", "0177.0.0.01".
std::optional<IpAddress> loose_v4(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  std::array<std::uint8_t, 4> bytes{};
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t dot = host.find('.');
    const auto value = loose_number(host.substr(0, dot));
    if (!value) return std::nullopt;
    if (dot == std::string_view::npos) {
      // The last number fills all bytes that are left.
      for (std::size_t k = 4; k-- > i;) bytes[k] = static_cast<std::uint8_t>(*value >> (8 * (3 - k)));
      return IpAddress::v4(bytes);
    }
    if (i == 3) return std::nullopt;
    bytes[i] = static_cast<std::uint8_t>(*value);
    host.remove_prefix(dot + 1);
  }
  return std::nullopt;
}

std::optional<IpAddress> literal(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  host = host.substr(0, host.find('%'));
  if (const auto address = IpAddress::parse(host)) return address;
  return loose_v4(host);
}

std::string_view host_of(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
  return authority.substr(0, authority.find(':'));
}

}  // namespace

Result<AddressGuard> AddressGuard::parse(const std::vector<std::string>& networks) {
  std::vector<IpNetwork> allowed;
  for (const std::string& text : networks) {
    const auto network = IpNetwork::parse(text);
    if (!network)
      return Error{
          Errc::invalid_argument,
          "\"" + text + "\" is no network; write 10.0.0.0/8, 192.168.1.7 or fd00::/8, with zeros behind the prefix"};
    allowed.push_back(*network);
  }
  return AddressGuard(std::move(allowed));
}

bool AddressGuard::allows(const IpAddress& given) const {
  const IpAddress address = without_translation(given);
  const bool metadata = is_metadata(address);
  const bool listed = std::any_of(allowed_.begin(), allowed_.end(), [&](const IpNetwork& network) {
    return network.contains(address) && (!metadata || network.is_single());
  });
  return listed || (is_public(address) && !metadata);
}

Result<void> AddressGuard::check_host(std::string_view host) const {
  if (host.empty()) return Error{Errc::invalid_argument, "the host is empty"};
  const auto address = literal(host);
  if (!address || allows(*address)) return {};
  return Error{Errc::permission,
               "address " + std::string(host) +
                   " is loopback, private, link-local or reserved; list its network as allowed in the "
                   "gateway's configuration if it is meant"};
}

Result<void> AddressGuard::check_url(std::string_view url) const {
  const bool clean = std::none_of(
      url.begin(), url.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '\\'; });
  const auto parts = clean ? wire::aws::split_url(url) : std::nullopt;
  if (!parts)
    return Error{Errc::invalid_argument,
                 "a URL must be http://HOST or https://HOST without user name, blanks or control "
                 "characters"};
  return check_host(host_of(parts->authority));
}

}  // namespace forebay::gateway::delivery
