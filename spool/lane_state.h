#pragma once

#include <map>
#include <optional>

#include "spool/gap_record.h"
#include "spool/range_set.h"
#include "spool/spool.h"

namespace forebay::spool {

inline constexpr std::size_t kGapRecordsMax = 64;

/// What is known of one lane besides its records. Written into every head.
struct LaneState {
  std::uint64_t last = 0;         ///< last sequence given
  std::uint64_t bytes = 0;        ///< of encoded records, all that ever were in the lane
  std::uint64_t acked = 0;
  std::uint64_t incarnation = 0;
  RangeSet gaps;                  ///< never to be sent: declared lost, or void after a crash
  std::map<std::uint64_t, GapRecord> gap_records;  ///< by their own sequence: what they declare
  std::map<std::uint64_t, Seal> seals;                 ///< by first sequence; `lane` is left empty

  /// Sequences of `range` still owed to the gateway.
  [[nodiscard]] std::uint64_t owed_in(SequenceRange range) const {
    range.from = std::max(range.from, acked + 1);
    range.to = std::min(range.to, last);
    return range.count() - (range.count() == 0 ? 0 : gaps.count_in(range));
  }
  [[nodiscard]] bool drained() const { return owed_in({1, last}) == 0; }
  /// The seal that covers a sequence, or null.
  [[nodiscard]] const Seal* seal_of(std::uint64_t sequence) const {
    auto at = seals.upper_bound(sequence);
    if (at == seals.begin()) return nullptr;
    --at;
    return sequence < at->second.first + at->second.count ? &at->second : nullptr;
  }
  void add_seal(Seal seal) {
    const std::uint64_t end = seal.first + seal.count;
    seals.erase(seals.lower_bound(seal.first), seals.lower_bound(end));
    seal.lane = {};
    const std::uint64_t first = seal.first;
    seals.insert_or_assign(first, std::move(seal));
  }
  /// Forgets seals and gap records before a sequence that is no longer in the spool.
  void forget_before(std::uint64_t sequence) {
    while (!seals.empty() && seals.begin()->second.first + seals.begin()->second.count <= sequence) {
      seals.erase(seals.begin());
    }
    // Kept longer than their data: a gateway back from a backup may have lost the declaration too.
    while (gap_records.size() > kGapRecordsMax && gap_records.begin()->first < sequence) {
      gap_records.erase(gap_records.begin());
    }
  }
};

/// Records of one lane inside one row.
struct LanePart {
  SequenceRange range;
  std::uint64_t bytes = 0;
  /// Of its records. Nothing: gap records only; empty: several, or not known.
  std::optional<std::string> source;
};

/// Records of an append whose last piece is not durable yet: the source's position does not cover them, and after a
/// crash it hands them over again.
struct UnfinishedAppend {
  LaneId lane;
  RangeSet ranges;
  std::uint64_t announced = 0;  ///< first sequence of the piece that comes next; 0: none is due
};

/// Journal files [file, next row's file): one file, or more when heads were damaged; what they hold of each lane.
struct FileRow {
  std::uint64_t file = 0;
  std::map<LaneId, LanePart> parts;
  std::optional<SteadyTime> settled_at;  ///< since when nothing in it is owed
};

}  // namespace forebay::spool
