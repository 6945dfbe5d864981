#pragma once

#include <memory>
#include <optional>

#include "spool/range_set.h"
#include "spool/spool_entry.h"

namespace forebay::spool {

/// Reads the records of one lane in order, with read-ahead, and cuts them into batches. The same range always gives the
/// same bytes, whatever was read before it.
/// Memory   one journal window and one entry.
class LaneReader {
 public:
  /// `next` is the sequence to read first; the cursor stands at or before it.
  LaneReader(LaneId lane, std::uint64_t next, std::unique_ptr<JournalCursor> cursor)
      : lane_(std::move(lane)), next_(next), cursor_(std::move(cursor)) {}

  struct Limits {
    std::uint64_t bytes_max = 0;
    std::uint64_t records_max = 0;
    std::uint64_t last = 0;  ///< no record after this sequence
  };
  struct Cut {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
    std::vector<Buffer> records;
    /// Not empty: nothing was cut because these sequences, which begin where reading stood, are damaged.
    SequenceRange hole;
  };
  /// Cuts from next() on. Stops before a hole.
  Result<Cut> cut(const Limits& limits);

  [[nodiscard]] const LaneId& lane() const { return lane_; }
  [[nodiscard]] std::uint64_t next() const { return next_; }

 private:
  Result<bool> load_entry();
  void start_walk();
  void take_part(const Limits& limits, Cut& cut);

  LaneId lane_;
  std::uint64_t next_;
  std::unique_ptr<JournalCursor> cursor_;
  std::optional<RecordsEntry> entry_;  ///< views live in the cursor until it moves
  std::optional<RecordChunkReader> walker_;
  std::optional<RecordView> record_;   ///< the record at walker_at_, not taken yet
  std::uint64_t walker_at_ = 0;
};

}  // namespace forebay::spool
