#pragma once

#include <string>

#include "base/units.h"
#include "spool/record_chunk.h"

namespace forebay::spool {

/// A declared loss as the record that tells readers of the stream (design 3).
struct GapRecord {
  std::string device;
  std::string source;      ///< empty: several, or not known
  std::uint64_t from = 0;  ///< sequences of the lane; 0: the records never got one
  std::uint64_t to = 0;
  std::uint64_t count = 0;
  std::string reason;
};

std::string gap_partition_key(std::string_view device);
std::string to_json(const GapRecord& gap);
/// The one record, ready to store.
RecordChunk gap_chunk(const std::string& stream, const GapRecord& gap, WallTime now);

}  // namespace forebay::spool
