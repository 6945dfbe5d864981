#pragma once

#include <atomic>
#include <map>
#include <set>

#include "base/log.h"
#include "gateway/log/arrival_clock.h"
#include "gateway/log/catalog_store.h"
#include "gateway/log/segment_writer.h"
#include "gateway/log/sequencer.h"
#include "gateway/log/shard_reader.h"

namespace forebay::gateway::log {

using SegmentWriters = std::map<ShardId, std::unique_ptr<SegmentWriter>>;

/// What the keeper shares with the rest of the log; all outlive it.
struct KeeperContext {
  FileSystem* files = nullptr;
  Clock* clock = nullptr;
  MetricsRegistry* metrics = nullptr;
  const LogOptions* options = nullptr;
  const DataPaths* paths = nullptr;
  std::shared_ptr<TailBudget> budget;
  Published<Directory>* directory = nullptr;
  DirtyShards* dirty = nullptr;
  JournalProgress* progress = nullptr;
  Sequencer* sequencer = nullptr;
  ShardReader* reader = nullptr;
  std::atomic<bool>* space_low = nullptr;
};

/// Everything the segment thread does: writes batches from memory to segments, checkpoints, retention, removal of
/// files. Threads  one caller at a time: the segment thread, or a test in a plain loop.
class SegmentKeeper {
 public:
  SegmentKeeper(KeeperContext context, Logger logger, CatalogStore store, CatalogState saved, SegmentWriters writers);

  /// One pass over what is due. Errors  io: the process must exit. A full disk is logged and tried again.
  Result<void> tick();
  /// Writes unwritten batches: those that are due, or all. Errors  no_space: later again; io.
  Result<void> write(SegmentWriter::Which which);
  /// Makes segments durable, saves lanes and catalogue, frees journal files, then removes files nobody needs.
  /// Success  a restart replays only what was committed after this call began. Errors  no_space: later again; io.
  Result<void> checkpoint();
  /// Moves start offsets past what has expired; files follow with the next checkpoint.
  void expire();
  /// Looks at the free space and lets or forbids puts.
  void check_space();
  /// True while batches wait in memory.
  [[nodiscard]] bool has_work() const { return !unwritten_.empty(); }

 private:
  void collect();
  void forget_removed();
  [[nodiscard]] bool checkpoint_due(SteadyTime now) const;
  [[nodiscard]] bool has_changes(const JournalProgress::State& progress, const Directory* directory);
  Result<void> sync_segments();
  Result<void> save_lanes(CatalogState& next);
  Result<void> save_catalog(const Directory& directory, const CatalogState& next);
  void settle_shard(ShardId id);
  Result<void> save_shard(const SegmentWriter& writer);
  /// The catalogue has committed: what it holds is what the next checkpoint starts from.
  void remember(const std::shared_ptr<const Directory>& directory, CatalogState next, std::uint64_t journal_bytes);
  Result<void> remove_files();
  Result<void> remove_stream_files(StreamId stream);
  Result<void> save_shards(const StreamLog& stream);
  Result<void> save_accounts(const Directory& directory);
  Result<void> remove_shard_rows(const Directory& directory);
  SegmentWriter& writer_of(const std::shared_ptr<ShardView>& view);
  void drop_before(const std::shared_ptr<ShardView>& view, Offset start);

  KeeperContext context_;
  Logger logger_;
  CatalogStore store_;
  CatalogState saved_;
  SegmentWriters writers_;
  RetentionClock retention_clock_;
  std::set<ShardId> unwritten_;
  std::set<ShardId> changed_;               ///< since the last checkpoint
  std::vector<SegmentIdentity> dropped_;    ///< not in the view any more, still in the catalogue
  std::vector<SegmentIdentity> removable_;  ///< not in the catalogue any more
  std::vector<StreamId> removable_streams_;
  std::set<StreamId> removed_streams_;  ///< deleted, and perhaps written without ever being in the catalogue
  std::vector<ShardId> removable_shards_;
  std::set<ShardId> saved_shards_;    ///< with a row in the catalogue
  std::set<ShardId> next_shards_;     ///< with a row when the present checkpoint is made
  std::vector<ShardId> gone_shards_;  ///< that lose their row in the present checkpoint
  std::map<StreamId, std::shared_ptr<const StreamLog>> saved_streams_;
  std::shared_ptr<const Directory> saved_directory_;
  std::uint64_t saved_lanes_version_ = 0;
  std::uint64_t next_lanes_version_ = 0;  ///< of the checkpoint being made
  std::uint64_t saved_bytes_ = 0;
  SteadyTime last_checkpoint_;
  SteadyTime last_expiry_;
  SteadyTime last_space_check_;
  Counter* expired_segments_;
  Gauge* tail_bytes_;
};

}  // namespace forebay::gateway::log
