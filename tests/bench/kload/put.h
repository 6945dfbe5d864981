#pragma once

#include "options.h"

namespace kload {

/// Writes for a while and prints one line of JSON. Result  exit status: 1 when a record was refused.
int run_put(const Options& options);

}  // namespace kload
