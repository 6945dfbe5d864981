#pragma once

#include <string>

#include "base/bytes.h"

namespace forebay::gateway::delivery {

/// Library and level, for making_of().
std::string zstd_making();

/// One zstd frame with content size and checksum, at a fixed level: the same bytes from the same input. zstd behind one
/// file.
Buffer zstd_compress(ByteView in);

}  // namespace forebay::gateway::delivery
