#include "sys/host_resolver.h"

#include <netdb.h>
#include <netinet/in.h>

#include <cstring>
#include <memory>

namespace forebay {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

IpAddress address_of(const addrinfo& info) {
  if (info.ai_family == AF_INET) {
    std::array<std::uint8_t, 4> bytes;
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in*>(info.ai_addr)->sin_addr, bytes.size());
    return IpAddress::v4(bytes);
  }
  std::array<std::uint8_t, 16> bytes;
  std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6*>(info.ai_addr)->sin6_addr, bytes.size());
  return IpAddress::v6(bytes);
}

}  // namespace

Result<std::vector<IpAddress>> resolve_host(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* raw = nullptr;
  const int failed = ::getaddrinfo(host.c_str(), nullptr, &hints, &raw);
  const std::unique_ptr<addrinfo, FreeAddresses> list(raw);
  if (failed == EAI_NONAME) return Error{Errc::not_found, "host " + host + " has no address"};
  if (failed != 0) return Error{Errc::unavailable, "host " + host + ": " + ::gai_strerror(failed)};
  std::vector<IpAddress> out;
  for (const addrinfo* info = list.get(); info != nullptr; info = info->ai_next)
    if (info->ai_family == AF_INET || info->ai_family == AF_INET6) out.push_back(address_of(*info));
  if (out.empty()) return Error{Errc::not_found, "host " + host + " has no address"};
  return out;
}

}  // namespace forebay
