#include "gateway/log/segment_rows.h"

#include <string>

#include "base/crc32c.h"
#include "base/lineage.h"

namespace forebay::gateway::log {
namespace {

constexpr std::string_view kMagic = "FBROWS\r\n";
constexpr std::uint16_t kHasLane = 1;
constexpr std::size_t kReservedSize = 8;

/// CRC over identity, row number and everything after the checksum itself.
std::uint32_t row_crc(const SegmentIdentity& identity, std::uint64_t index, ByteView row) {
  Buffer place;
  place.reserve(28);
  ByteWriter writer(place);
  writer.u64_le(identity.shard.stream.value());
  writer.u32_le(identity.shard.shard.value());
  writer.i64_le(identity.base.value());
  writer.u64_le(index);
  return crc32c(row.subspan(4), crc32c(place));
}

}  // namespace

void encode_rows_header(const SegmentIdentity& identity, WallTime created, Buffer& out) {
  const std::size_t start = out.size();
  ByteWriter writer(out);
  writer.text(kMagic);
  writer.u32_le(kRowsFormat);
  writer.u32_le(static_cast<std::uint32_t>(kRowSize));
  writer.u64_le(identity.shard.stream.value());
  writer.u32_le(identity.shard.shard.value());
  writer.i64_le(identity.base.value());
  writer.i64_le(to_millis(created));
  writer.zeros(kRowsHeaderSize - 4 - (out.size() - start));
  writer.u32_le(crc32c(ByteView(out).subspan(start)));
}

Result<void> check_rows_header(ByteView bytes, const SegmentIdentity& identity) {
  if (bytes.size() < kRowsHeaderSize) return Error{Errc::corrupt, "rows file is shorter than its header"};
  ByteReader reader(bytes.first(kRowsHeaderSize));
  if (reader.text(kMagic.size()) != kMagic) return Error{Errc::corrupt, "not a rows file"};
  const std::uint32_t format = reader.u32_le();
  if (format != kRowsFormat)
    return Error{Errc::unsupported, "rows file of format " + std::to_string(format) + ", this gateway knows 1"};
  reader.skip(4);
  SegmentIdentity found;
  found.shard.stream = StreamId(reader.u64_le());
  found.shard.shard = ShardNumber(reader.u32_le());
  found.base = Offset(reader.i64_le());
  const std::uint32_t crc = ByteReader(bytes.subspan(kRowsHeaderSize - 4, 4)).u32_le();
  if (crc != crc32c(bytes.first(kRowsHeaderSize - 4)) || found != identity)
    return Error{Errc::corrupt, "rows file header is damaged or belongs to another segment"};
  return {};
}

void encode_row(const SegmentIdentity& identity, std::uint64_t index, const SegmentRow& row, Buffer& out) {
  const std::size_t start = out.size();
  ByteWriter writer(out);
  writer.u32_le(0);
  writer.u16_le(row.seal.is_set() ? kSealedRowFormat : static_cast<std::uint16_t>(kRowsFormat));
  writer.u16_le(row.has_lane ? kHasLane : 0);
  writer.i64_le(row.base.value());
  writer.u32_le(row.record_count);
  writer.u32_le(row.length);
  writer.u64_le(row.position);
  writer.i64_le(to_millis(row.arrival));
  writer.i64_le(row.max_timestamp_ms);
  writer.u64_le(row.timeline);
  write_lineage(writer, row.lane.lineage);
  writer.u64_le(row.lane.stream.value());
  writer.u64_le(row.range.first);
  writer.u32_le(row.range.count);
  writer.u32_le(row.range.crc);
  writer.u64_le(index);
  write_seal(writer, row.seal);
  writer.zeros(kReservedSize);
  FB_ASSERT(out.size() - start == kRowSize);
  writer.patch_u32_le(start, row_crc(identity, index, ByteView(out).subspan(start)));
}

Result<SegmentRow> decode_row(const SegmentIdentity& identity, std::uint64_t index, ByteView bytes) {
  ByteReader reader(bytes);
  const std::uint32_t crc = reader.u32_le();
  const std::uint16_t format = reader.u16_le();
  const std::uint16_t flags = reader.u16_le();
  SegmentRow row;
  row.base = Offset(reader.i64_le());
  row.record_count = reader.u32_le();
  row.length = reader.u32_le();
  row.position = reader.u64_le();
  row.arrival = from_millis(reader.i64_le());
  row.max_timestamp_ms = reader.i64_le();
  row.timeline = reader.u64_le();
  row.lane.lineage = read_lineage(reader);
  row.lane.stream = StreamId(reader.u64_le());
  row.range.first = reader.u64_le();
  row.range.count = reader.u32_le();
  row.range.crc = reader.u32_le();
  row.has_lane = (flags & kHasLane) != 0;
  const std::uint64_t stored_index = reader.u64_le();
  row.seal = read_seal(reader);
  reader.skip(kReservedSize);
  if (!reader.ok() || !reader.at_end() || crc != row_crc(identity, index, bytes) || stored_index != index)
    return Error{Errc::corrupt, "row " + std::to_string(index) + " is damaged"};
  if (format != kRowsFormat && format != kSealedRowFormat)
    return Error{Errc::unsupported, "row of format " + std::to_string(format) + ", this gateway knows 1 and 2"};
  if (row.seal.is_set() != (format == kSealedRowFormat))
    return Error{Errc::corrupt, "row " + std::to_string(index) + " contradicts itself about encryption"};
  return row;
}

}  // namespace forebay::gateway::log
