#include "agent/uploader/moved_lanes.h"

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/hex.h"
#include "base/lineage.h"

namespace forebay::agent {
namespace {

/// Source name: prefix, lineage in hex, colon, stream name.
constexpr std::string_view kPrefix = "forebay-moved:";
constexpr std::size_t kLineageHexChars = 2 * kLineageSize;

std::string source_name(const spool::LaneId& lane) {
  Buffer raw;
  ByteWriter writer(raw);
  write_lineage(writer, lane.lineage);
  return std::string(kPrefix) + to_hex(raw) + ":" + lane.stream;
}

}  // namespace

std::optional<MovedLane> parse_moved_lane(std::string_view source, ByteView position) {
  if (!source.starts_with(kPrefix) || source.size() <= kPrefix.size() + kLineageHexChars) return {};
  const auto raw = from_hex(source.substr(kPrefix.size(), kLineageHexChars));
  if (!raw) return {};
  ByteReader reader(*raw);
  MovedLane moved;
  moved.lane.lineage = read_lineage(reader);
  moved.lane.stream = source.substr(kPrefix.size() + kLineageHexChars + 1);
  ByteReader value(position);
  moved.through = value.u64_le();
  if (!reader.ok() || !value.ok()) return {};
  return moved;
}

spool::RecordChunk moved_mark(const spool::LaneId& lane, std::uint64_t through) {
  spool::RecordChunk chunk(lane.stream);
  chunk.position.source = source_name(lane);
  ByteWriter(chunk.position.position).u64_le(through);
  return chunk;
}

Result<spool::RecordChunk> moved_chunk(const spool::SealedBatch& batch, std::uint64_t from) {
  spool::RecordChunk chunk = moved_mark(batch.seal.lane, batch.seal.first + batch.seal.count - 1);
  std::uint64_t sequence = batch.seal.first;
  for (const Buffer& records : batch.records) {
    spool::RecordChunkReader reader(records);
    while (const auto record = reader.next())
      if (sequence++ >= from) chunk.add(record->partition_key, record->time, record->data);
    if (reader.failed()) return Error{Errc::corrupt, "spooled records do not decode"};
  }
  return chunk;
}

}  // namespace forebay::agent
