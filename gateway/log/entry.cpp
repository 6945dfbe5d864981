#include "gateway/log/entry.h"

#include <algorithm>
#include <string>

#include "base/lineage.h"

namespace forebay::gateway::log {
namespace {

constexpr std::uint32_t kFormat = 1;
/// Every batch has its seal behind it. Written when any of them is encrypted.
constexpr std::uint32_t kSealedFormat = 2;
constexpr std::size_t kFixedSize = 20;
constexpr std::size_t kLaneSize = 56;
constexpr std::size_t kBatchSize = 48;

void write_lane(ByteWriter& writer, const EntryLane& lane) {
  write_lineage(writer, lane.key.lineage);
  writer.u64_le(lane.key.stream.value());
  writer.u64_le(lane.range.first);
  writer.u32_le(lane.range.count);
  writer.u32_le(lane.range.crc);
}

EntryLane read_lane(ByteReader& reader) {
  EntryLane lane;
  lane.key.lineage = read_lineage(reader);
  lane.key.stream = StreamId(reader.u64_le());
  lane.range.first = reader.u64_le();
  lane.range.count = reader.u32_le();
  lane.range.crc = reader.u32_le();
  return lane;
}

void write_batch(ByteWriter& writer, const EntryBatch& batch, std::uint32_t format) {
  writer.u64_le(batch.shard.stream.value());
  writer.u32_le(batch.shard.shard.value());
  writer.u32_le(batch.lane);
  writer.i64_le(batch.base.value());
  writer.u32_le(batch.record_count);
  writer.u32_le(batch.length);
  writer.i64_le(to_millis(batch.arrival));
  writer.i64_le(batch.max_timestamp_ms);
  if (format == kSealedFormat) write_seal(writer, batch.seal);
}

EntryBatch read_batch(ByteReader& reader, std::uint32_t format) {
  EntryBatch batch;
  batch.shard.stream = StreamId(reader.u64_le());
  batch.shard.shard = ShardNumber(reader.u32_le());
  batch.lane = reader.u32_le();
  batch.base = Offset(reader.i64_le());
  batch.record_count = reader.u32_le();
  batch.length = reader.u32_le();
  batch.arrival = from_millis(reader.i64_le());
  batch.max_timestamp_ms = reader.i64_le();
  if (format == kSealedFormat) batch.seal = read_seal(reader);
  return batch;
}

std::uint32_t format_of(const RecordsHeader& header) {
  const bool sealed = std::any_of(header.batches.begin(), header.batches.end(),
                                  [](const EntryBatch& batch) { return batch.seal.is_set(); });
  return sealed ? kSealedFormat : kFormat;
}

std::size_t batch_size(std::uint32_t format) { return format == kSealedFormat ? kBatchSize + Seal::kSize : kBatchSize; }

bool is_consistent(const RecordsEntry& entry) {
  std::uint64_t length = 0;
  for (const EntryBatch& batch : entry.header.batches) {
    length += batch.length;
    if (batch.lane != EntryBatch::kNoLane && batch.lane >= entry.header.lanes.size()) return false;
  }
  return length == entry.bytes.size();
}

}  // namespace

SegmentRow row_of(const RecordsHeader& header, const EntryBatch& batch) {
  SegmentRow row;
  row.base = batch.base;
  row.record_count = batch.record_count;
  row.length = batch.length;
  row.arrival = batch.arrival;
  row.max_timestamp_ms = batch.max_timestamp_ms;
  row.timeline = header.timeline;
  row.seal = batch.seal;
  row.has_lane = batch.lane != EntryBatch::kNoLane;
  if (row.has_lane) {
    row.lane = header.lanes[batch.lane].key;
    row.range = header.lanes[batch.lane].range;
  }
  return row;
}

std::size_t encoded_size(const RecordsHeader& header) {
  return kFixedSize + header.lanes.size() * kLaneSize + header.batches.size() * batch_size(format_of(header));
}

void encode(const RecordsHeader& header, Buffer& out) {
  const std::uint32_t format = format_of(header);
  ByteWriter writer(out);
  writer.u32_le(format);
  writer.u64_le(header.timeline);
  writer.u32_le(static_cast<std::uint32_t>(header.lanes.size()));
  writer.u32_le(static_cast<std::uint32_t>(header.batches.size()));
  for (const EntryLane& lane : header.lanes) write_lane(writer, lane);
  for (const EntryBatch& batch : header.batches) write_batch(writer, batch, format);
}

Result<RecordsEntry> decode_records(ByteView content) {
  ByteReader reader(content);
  const std::uint32_t format = reader.u32_le();
  if (format != kFormat && format != kSealedFormat)
    return Error{Errc::unsupported,
                 "records entry of format " + std::to_string(format) + ", this gateway knows 1 and 2"};
  RecordsEntry entry;
  entry.header.timeline = reader.u64_le();
  const std::uint32_t lanes = reader.u32_le();
  const std::uint32_t batches = reader.u32_le();
  if (lanes > reader.remaining() / kLaneSize || batches > reader.remaining() / batch_size(format)) reader.fail();
  for (std::uint32_t i = 0; i < lanes && reader.ok(); ++i) entry.header.lanes.push_back(read_lane(reader));
  for (std::uint32_t i = 0; i < batches && reader.ok(); ++i) entry.header.batches.push_back(read_batch(reader, format));
  entry.bytes = reader.rest();
  if (!reader.ok() || !is_consistent(entry)) return Error{Errc::corrupt, "records entry is malformed"};
  return entry;
}

}  // namespace forebay::gateway::log
