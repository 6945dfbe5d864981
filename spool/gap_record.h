#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/units.h"
#include "spool/range_set.h"
#include "spool/record_chunk.h"

namespace forebay::spool {

/// A declared loss as the record that tells readers of the stream (design 3).
struct GapRecord {
  std::string device;
  std::string source;      ///< empty: several, or not known
  std::uint64_t run = 0;   ///< ordinal of the lineage that numbered the records
  std::vector<SequenceRange> ranges;  ///< lost sequences, rising and apart; empty: the records never got a number
  std::uint64_t count = 0;  ///< lost records
  std::string reason;

  /// Largest number of ranges a record names; beyond it the nearest ones are told as one, and `count` stays exact.
  static constexpr std::size_t kRangesMax = 64;

  /// True when the other declaration can become a part of this one without losing what it says.
  [[nodiscard]] bool takes(const GapRecord& older) const { return run == older.run && reason == older.reason; }
  /// Takes in a declaration that was lost itself.
  void fold(const GapRecord& older);
  friend bool operator==(const GapRecord&, const GapRecord&) = default;
};

std::string gap_partition_key(std::string_view device);
/// `{"_forebay":"gap","device":..,"source":..,"from":..,"to":..,"count":..,"reason":..}`, then `"run"` when the records
/// had numbers, then `"ranges":[[from,to],..]` when those between from and to are not all lost.
std::string to_json(const GapRecord& gap);
/// Reads what to_json() wrote. Empty: it did not.
std::optional<GapRecord> parse_gap_record(std::string_view json);
/// The one record, ready to store.
RecordChunk gap_chunk(const std::string& stream, const GapRecord& gap, WallTime now);

}  // namespace forebay::spool
