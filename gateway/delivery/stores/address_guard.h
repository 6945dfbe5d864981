#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.h"
#include "base/result.h"

namespace forebay::gateway::delivery {

/// Which addresses the gateway may connect to on behalf of a delivery stream. Whoever may create one must not reach
/// what only the gateway's machine can reach: itself, its private network, the metadata service with its credentials.
///
/// Refused are loopback, link-local, private, shared, multicast, reserved and documentation ranges of both families,
/// unless an allowed network holds the address. Addresses of metadata services are refused even inside an allowed
/// network, unless it is that single address. IPv4 inside IPv6 (mapped, NAT64) is judged as IPv4; 6to4 and Teredo never
/// pass.
///
/// Names are judged where the connection is opened (CurlHttpClientOptions::address_allowed), by the address that the
/// socket gets, so a name that changes its address between check and use is no way around. check_url() only answers
/// earlier, when the host is written as an address.
/// Threads  any.
class AddressGuard {
 public:
  AddressGuard() = default;
  explicit AddressGuard(std::vector<IpNetwork> allowed) : allowed_(std::move(allowed)) {}
  /// From "10.0.0.0/8", "192.0.2.7", "fd00::/8". Errors  invalid_argument: names the entry.
  static Result<AddressGuard> parse(const std::vector<std::string>& networks);

  [[nodiscard]] bool allows(const IpAddress& address) const;
  /// A host of a URL or HOST part of HOST:PORT, brackets of IPv6 included. Names pass; addresses in any form that a
  /// resolver takes (decimal, octal, hexadecimal, short) are judged. Errors  permission: not allowed, with the remedy.
  [[nodiscard]] Result<void> check_host(std::string_view host) const;
  /// http and https, no user name, no control characters; then the host. Errors  invalid_argument, permission.
  [[nodiscard]] Result<void> check_url(std::string_view url) const;

 private:
  std::vector<IpNetwork> allowed_;
};

}  // namespace forebay::gateway::delivery
