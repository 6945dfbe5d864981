#pragma once

#include <string>

#include "base/result.h"

namespace forebay::agent {

/// This machine's host name.
Result<std::string> host_name();

}  // namespace forebay::agent
