#pragma once

#include "gateway/log/entry.h"
#include "gateway/log/recovery.h"

namespace forebay::gateway::log {

/// Applies journal entries to a log that stands at its checkpoint. Entries it contains already change nothing.
/// Threads  recovery only.
class Replay {
 public:
  Replay(const RecoveryContext& context, RecoveredLog& log, Logger logger)
      : context_(&context), log_(&log), logger_(logger) {}

  Result<void> apply(const spool::RecoveredEntry& entry);

 private:
  Result<void> apply_records(ByteView content);
  Result<void> apply_batch(const RecordsHeader& header, const EntryBatch& batch, ByteView bytes);
  /// Bytes as readers get them; empty when they cannot be decrypted.
  Buffer opened(ShardId shard, const SegmentRow& row, ByteView stored);
  Result<void> apply_stream(ByteView content);
  Result<void> apply_shards(ByteView content);
  Result<void> apply_attributes(ByteView content);
  Result<void> apply_removal(ByteView content);
  void check_ends(const StreamLog& stream, const ShardsChange& change);
  void forget_views(const StreamLog& before, const StreamLog& after);
  Result<void> write_segments();

  const RecoveryContext* context_;
  RecoveredLog* log_;
  Logger logger_;
};

}  // namespace forebay::gateway::log
