#include "gateway/delivery/sinks/host_port.h"

#include <algorithm>
#include <charconv>

namespace forebay::gateway::delivery {
namespace {

bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}
bool is_address6_char(char c) { return is_host_char(c) || c == ':' || c == '%'; }

}  // namespace

Result<HostPort> parse_host_port(std::string_view text, std::uint16_t default_port) {
  if (text.find('@') != std::string_view::npos)
    return Error{Errc::invalid_argument, "the host must stand without user and password: use parameters for them"};
  HostPort out{{}, default_port};
  std::string_view port;
  const bool bracketed = text.starts_with('[');
  const std::size_t end = bracketed ? text.find(']') : text.find(':');
  std::string_view host = text.substr(0, end);
  if (end != std::string_view::npos) port = text.substr(end + (bracketed ? 1 : 0));
  if (bracketed) host.remove_prefix(1);
  const bool good = !host.empty() && std::all_of(host.begin(), host.end(), bracketed ? is_address6_char : is_host_char);
  if (!good || (bracketed && end == std::string_view::npos))
    return Error{Errc::invalid_argument, "the host must be HOST:PORT with a name or an address"};
  out.host = std::string(host);
  if (port.empty()) return out;
  std::uint16_t number = 0;
  const auto [stop, code] = std::from_chars(port.data() + 1, port.data() + port.size(), number);
  if (port[0] != ':' || code != std::errc() || stop != port.data() + port.size() || number == 0)
    return Error{Errc::invalid_argument, "the port must be a number from 1 to 65535"};
  out.port = number;
  return out;
}

}  // namespace forebay::gateway::delivery
