#pragma once

#include <string>
#include <vector>

#include "base/ip_address.h"
#include "base/result.h"

namespace forebay {

/// Addresses of a host name or of an address in text, in the system's order. Blocks.
/// Errors  unavailable: the name cannot be resolved now; not_found: it has no address.
Result<std::vector<IpAddress>> resolve_host(const std::string& host);

}  // namespace forebay
