#pragma once

#include "base/bytes.h"

namespace forebay {

/// CRC-32C (Castagnoli) of the bytes; pass an earlier result as `crc` to continue it.
/// Uses the processor's instruction when it has one, a table otherwise; the results are the same.
std::uint32_t crc32c(ByteView bytes, std::uint32_t crc = 0);

/// The table form, for tests and processors without the instruction.
std::uint32_t crc32c_table(ByteView bytes, std::uint32_t crc = 0);

}  // namespace forebay
