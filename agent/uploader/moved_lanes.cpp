#include "agent/uploader/moved_lanes.h"

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/lineage.h"

namespace forebay::agent {
namespace {

/// Source name: prefix, lineage in hex, colon, stream name.
constexpr std::string_view kPrefix = "forebay-moved:";

std::string source_name(const spool::LaneId& lane) {
  return std::string(kPrefix) + to_text(lane.lineage) + ":" + lane.stream;
}

}  // namespace

std::optional<MovedLane> parse_moved_lane(std::string_view source, ByteView position) {
  if (!source.starts_with(kPrefix) || source.size() <= kPrefix.size() + kLineageTextSize) return {};
  const auto lineage = parse_lineage(source.substr(kPrefix.size(), kLineageTextSize));
  ByteReader value(position);
  MovedLane moved;
  moved.through = value.u64_le();
  if (!lineage || !value.ok()) return {};
  moved.lane = {*lineage, std::string(source.substr(kPrefix.size() + kLineageTextSize + 1))};
  return moved;
}

Result<spool::RecordChunk> moved_chunk(const spool::SealedBatch& batch, std::uint64_t from) {
  spool::RecordChunk chunk(batch.seal.lane.stream);
  chunk.position.source = source_name(batch.seal.lane);
  ByteWriter(chunk.position.position).u64_le(batch.seal.first + batch.seal.count - 1);
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
