#include "wire/kinesis/crc32.h"

#include "base/crc_slices.h"

namespace forebay::wire::kinesis {
namespace {
constexpr CrcSlices kSlices(0xedb88320);  // reflected
}

std::uint32_t crc32(ByteView bytes, std::uint32_t crc) { return kSlices.checksum(bytes, crc); }

}  // namespace forebay::wire::kinesis
