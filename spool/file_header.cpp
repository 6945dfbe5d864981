#include "spool/file_header.h"

#include <algorithm>
#include <cstring>

#include "base/crc32c.h"
#include "base/lineage.h"
#include "spool/format.h"

namespace forebay::spool {

namespace layout = format::file_header;

Buffer encode_file_header(const FileHeader& header) {
  Buffer bytes;
  bytes.reserve(format::kDataStart);
  ByteWriter writer(bytes);
  writer.text({layout::kMagic, sizeof layout::kMagic});
  writer.u32_le(format::kVersion);
  writer.u32_le(0);  // flags
  write_lineage(writer, header.lineage);
  writer.u64_le(header.file);
  writer.u64_le(header.file_bytes);
  writer.i64_le(header.started_ms);
  writer.u32_le(header.alignment);
  writer.zeros(layout::kCrcAt - layout::kReserved1At);
  writer.u32_le(crc32c(bytes));
  writer.zeros(format::kDataStart - layout::kSize);
  return bytes;
}

static bool is_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}

ParsedHeader parse_file_header(ByteView bytes) {
  ParsedHeader parsed;
  if (bytes.size() < layout::kSize || is_zero(bytes.first(layout::kSize))) return parsed;
  parsed.state = HeaderState::broken;
  ByteReader reader(bytes.first(layout::kSize));
  const bool magic =
      std::memcmp(reader.bytes(sizeof layout::kMagic).data(), layout::kMagic, sizeof layout::kMagic) == 0;
  parsed.version = reader.u32_le();
  const std::uint32_t flags = reader.u32_le();
  parsed.header.lineage = read_lineage(reader);
  parsed.header.file = reader.u64_le();
  parsed.header.file_bytes = reader.u64_le();
  parsed.header.started_ms = reader.i64_le();
  parsed.header.alignment = reader.u32_le();
  const std::uint32_t crc = ByteReader(bytes.subspan(layout::kCrcAt, 4)).u32_le();
  if (!magic || crc != crc32c(bytes.first(layout::kCrcAt))) return parsed;
  if (parsed.version > format::kVersion || flags != 0) {
    parsed.state = HeaderState::newer;
  } else if (parsed.version == format::kVersion && format::is_alignment(parsed.header.alignment)) {
    parsed.state = HeaderState::valid;
  }
  return parsed;
}

}  // namespace forebay::spool
