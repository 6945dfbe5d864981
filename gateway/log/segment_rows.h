#pragma once

#include "base/bytes.h"
#include "base/lineage.h"
#include "base/result.h"
#include "base/units.h"
#include "gateway/log/identifiers.h"
#include "gateway/log/lane_table.h"
#include "gateway/log/seal.h"

namespace forebay::gateway::log {

/// The `.rows` file beside a segment: a 64-byte header, then one 160-byte row per batch. docs/formats/segment.md.
inline constexpr std::size_t kRowsHeaderSize = 64;
inline constexpr std::size_t kRowSize = 160;
inline constexpr std::uint32_t kRowsFormat = 1;
/// Of a row whose batch is encrypted, so that a gateway which knows nothing of it refuses the row by name.
inline constexpr std::uint16_t kSealedRowFormat = 2;

/// Which file a row belongs to; part of every row's checksum, so that a misplaced row is never believed.
struct SegmentIdentity {
  ShardId shard;
  Offset base;  ///< of the segment; also its file name
  friend bool operator==(const SegmentIdentity&, const SegmentIdentity&) = default;
};

/// One batch of a segment.
struct SegmentRow {
  Offset base;
  std::uint32_t record_count = 0;
  std::uint32_t length = 0;    ///< bytes of the batch
  std::uint64_t position = 0;  ///< of the batch in the segment file
  WallTime arrival;
  std::int64_t max_timestamp_ms = 0;
  std::uint64_t timeline = 0;
  bool has_lane = false;
  LaneKey lane;
  LaneRange range;  ///< of the upload this batch came with; its crc is the agent's
  Seal seal;

  [[nodiscard]] Offset end() const { return base + record_count; }
  friend bool operator==(const SegmentRow&, const SegmentRow&) = default;
};

void encode_rows_header(const SegmentIdentity& identity, WallTime created, Buffer& out);
/// Errors  corrupt: not this segment's rows; unsupported: a newer format, named.
Result<void> check_rows_header(ByteView bytes, const SegmentIdentity& identity);

/// Appends the row with number `index` of its file.
void encode_row(const SegmentIdentity& identity, std::uint64_t index, const SegmentRow& row, Buffer& out);
/// Shape   exactly kRowSize bytes.
/// Errors  corrupt: checksum, identity or place do not fit.
Result<SegmentRow> decode_row(const SegmentIdentity& identity, std::uint64_t index, ByteView bytes);

inline std::uint64_t row_position(std::uint64_t index) { return kRowsHeaderSize + index * kRowSize; }

}  // namespace forebay::gateway::log
