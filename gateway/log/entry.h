#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/units.h"
#include "gateway/log/identifiers.h"
#include "gateway/log/lane_table.h"
#include "gateway/log/segment_rows.h"

namespace forebay::gateway::log {

/// Entries of the gateway's journal; docs/formats/segment.md section 4.
enum class EntryType : std::uint16_t {
  records = 1,         ///< batches of one put or one upload request, with their offsets and lanes
  stream = 2,          ///< a stream as it is from here on (encoded StreamDefinition)
  stream_removed = 3,  ///< u64 stream
  lanes_forgotten = 4,  ///< 16 bytes root, u64 through
  timeline = 5,        ///< u64 timeline
  shards = 6,          ///< change of a shard map (encoded ShardsChange)
  attributes = 7,      ///< change of attributes of a stream or an account (encoded AttributesChange)
  lanes_raised = 8,    ///< u64 stream, u32 count, then per lane its lineage and u64 last
};

struct EntryLane {
  LaneKey key;
  LaneRange range;
};

/// A batch of a records entry: what its row will say, without the bytes.
struct EntryBatch {
  static constexpr std::uint32_t kNoLane = std::numeric_limits<std::uint32_t>::max();
  ShardId shard;
  std::uint32_t lane = kNoLane;  ///< index into the entry's lanes
  Offset base;
  std::uint32_t record_count = 0;
  std::uint32_t length = 0;
  WallTime arrival;
  std::int64_t max_timestamp_ms = 0;
  Seal seal;
};

/// Header of a records entry; the batches' bytes follow it, in order, back to back.
struct RecordsHeader {
  std::uint64_t timeline = 0;
  std::vector<EntryLane> lanes;
  std::vector<EntryBatch> batches;

  void clear() {
    lanes.clear();
    batches.clear();
  }
};

/// A records entry read back; `bytes` are the batches' bytes and point into the entry.
struct RecordsEntry {
  RecordsHeader header;
  ByteView bytes;
};

/// The row of a batch, without its position in a segment.
SegmentRow row_of(const RecordsHeader& header, const EntryBatch& batch);

std::size_t encoded_size(const RecordsHeader& header);
void encode(const RecordsHeader& header, Buffer& out);
/// Errors  corrupt: malformed; unsupported: a newer format, named.
Result<RecordsEntry> decode_records(ByteView content);

}  // namespace forebay::gateway::log
