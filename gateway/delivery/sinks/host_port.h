#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace forebay::gateway::delivery {

struct HostPort {
  std::string host;  ///< an IPv6 address without its brackets
  std::uint16_t port = 0;
};

/// HOST, HOST:PORT, [IPV6] or [IPV6]:PORT. Errors  invalid_argument.
Result<HostPort> parse_host_port(std::string_view text, std::uint16_t default_port);

}  // namespace forebay::gateway::delivery
