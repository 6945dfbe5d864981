#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "gateway/log/segment_reader.h"
#include "gateway/log/shard_view.h"

namespace forebay::gateway::log {

class BatchCipher;

/// Where the batch stands in the lane it was uploaded with.
struct UploadMark {
  Lineage lineage;
  std::uint64_t last = 0;  ///< sequence of the upload's last record
};

/// Stored batches of one shard in offset order without holes; the bytes live as long as `owner`.
struct LogRead {
  struct Batch {
    ByteView bytes;
    Offset base;
    std::uint32_t record_count = 0;
    WallTime arrival;
    std::optional<UploadMark> upload;
    bool encrypted = false;  ///< at rest; the bytes here are not
  };
  std::vector<Batch> batches;
  Offset end;  ///< durable end at the time of reading
  std::shared_ptr<const void> owner;
};

/// Reads shards: newest batches from memory, the rest from segments. Gives out plain batches only: encrypted ones are
/// decrypted, and those it lacks the key of are refused (permission), never passed over as a hole is.
/// Threads  any, at the same time.
class ShardReader {
 public:
  ShardReader(FileSystem& files, const DataPaths& paths, const BatchCipher& cipher)
      : cipher_(&cipher), cache_(files, paths) {}

  /// What needs no disk. Empty: the offset lies in a segment, ask read().
  /// Errors  out_of_range: below the start or past the end; corrupt: a declared hole; permission: its key is missing.
  Result<std::optional<LogRead>> read_memory(const ShardView& view, Offset from, std::size_t bytes_max) const;
  /// Reads whole batches until `bytes_max` is passed, at least one. May block on the disk. Errors  as read_memory().
  Result<LogRead> read(const ShardView& view, Offset from, std::size_t bytes_max);
  /// First offset at or after `from` that can be read (past a hole); the end when nothing follows. May block.
  Result<Offset> readable_from(const ShardView& view, Offset from);
  /// First offset that arrived at or after `time`, exact to the batch; the end when none has. May block.
  Result<Offset> offset_at(const ShardView& view, WallTime time);
  void forget(const SegmentIdentity& identity) { cache_.forget(identity); }

 private:
  Result<LogRead> read_segment(const SegmentInfo& segment, Offset from, Offset end, std::size_t bytes_max);
  /// Decrypts one batch as the segment holds it, when it is encrypted, and checks it.
  Result<void> open_batch(ShardId shard, const SegmentRow& row, MutableBytes batch) const;
  std::optional<Offset> first_readable(const SegmentInfo& segment, Offset from);
  /// First record of the segment that arrived at `time` or later; empty: none.
  Result<std::optional<Offset>> arrival_in(const SegmentInfo& segment, const SegmentInfo::Extent& extent,
                                           WallTime time);
  /// The batch at `from` that was not opened when the journal was replayed: its key may have come since.
  /// Errors  permission: it has not; corrupt: a declared hole.
  Result<LogRead> open_late(const ShardView& view, const ShardView::Runs& runs, Offset from) const;
  /// An encrypted batch in memory that its key does not open.
  [[nodiscard]] bool is_hole(const ShardView& view, const TailBatch& batch) const;

  const BatchCipher* cipher_;
  SegmentCache cache_;
};

}  // namespace forebay::gateway::log
