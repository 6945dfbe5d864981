#include "agent/host_name.h"

#include <array>
#include <cerrno>

#include <unistd.h>

namespace forebay::agent {

Result<std::string> host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return errno_error(errno, "host name");
  return std::string(name.data());
}

}  // namespace forebay::agent
