#pragma once

#include <vector>

#include "base/bytes.h"
#include "base/result.h"

/// A record that holds several; the parts point into it.
namespace forebay::gateway::delivery {

/// JSON values one behind the other, with or without white space between them. An array is one value.
/// Errors  corrupt: something that is no JSON value, with its place; too_large: more than `parts_max`.
Result<std::vector<ByteView>> split_json(ByteView record, std::size_t parts_max);

/// Parts between delimiters, without these; empty parts are left out. Errors  too_large.
Result<std::vector<ByteView>> split_delimited(ByteView record, ByteView delimiter, std::size_t parts_max);

}  // namespace forebay::gateway::delivery
