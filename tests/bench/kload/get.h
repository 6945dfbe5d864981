#pragma once

#include "options.h"

namespace kload {

/// Reads every shard from its start to its tip and prints one line of JSON. With a manifest it proves that every
/// acknowledged record is there once and in order. Result  exit status: 1 when a record is missing or out of order.
int run_get(const Options& options);

}  // namespace kload
