#pragma once

#include "base/bytes.h"

namespace forebay::wire::kinesis {

/// CRC-32 of IEEE 802.3 (zlib's); pass an earlier result as `crc` to continue it. Event streams use it, everything of
/// our own uses base/crc32c.h.
std::uint32_t crc32(ByteView bytes, std::uint32_t crc = 0);

}  // namespace forebay::wire::kinesis
