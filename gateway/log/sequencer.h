#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <unordered_map>

#include "base/clock.h"
#include "base/log.h"
#include "gateway/log/arrival_clock.h"
#include "gateway/log/directory.h"
#include "gateway/log/entry.h"
#include "gateway/log/journal_progress.h"
#include "gateway/log/log_metrics.h"
#include "gateway/log/log_options.h"
#include "gateway/log/shards_change.h"
#include "gateway/log/submission_queue.h"

namespace forebay::gateway::log {

/// What the sequencer shares with the rest of the log; all outlive it.
struct SequencerContext {
  const LogOptions* options = nullptr;
  Clock* clock = nullptr;
  MetricsRegistry* metrics = nullptr;
  std::shared_ptr<TailBudget> budget;
  Published<Directory>* directory = nullptr;
  DirtyShards* dirty = nullptr;
  JournalProgress* progress = nullptr;
  const std::atomic<bool>* space_low = nullptr;
  /// Called on the sequencer after a change is durable, before its caller hears of it.
  std::function<void(const std::shared_ptr<const Directory>&)> directory_changed;
  /// Called after a failed write or sync of the journal: the process must exit.
  std::function<void(const Error&)> fatal;
  /// Called when the tail is half full.
  std::function<void()> tail_filling;
};

/// The one owner of the journal, of every shard's end and of all lane states. Per turn it takes everything that queued,
/// checks lanes (G1-G3), assigns offsets, makes the group durable as one commit, publishes it to the shard views, and
/// hands the submissions back. It encodes no record and touches no other file.
/// Threads  submit(), call(), wake(), stop(): any. turn() or run(): one thread, the owner's.
class Sequencer {
 public:
  Sequencer(SequencerContext context, std::unique_ptr<spool::Journal> journal, LaneTable lanes);

  /// Errors  unavailable: the queue is full or the log is stopping; nothing was taken.
  Result<void> submit(SubmissionPtr submission);
  /// Runs `task` on the owner's thread between two turns and waits for it; directly when no thread runs.
  void call(const std::function<void(Sequencer&)>& task);

  /// One turn over what queued. False when there was nothing to do.
  bool turn(bool wait = false);
  /// From now on call() hands its task to the thread that is about to enter run().
  void set_running() { running_ = true; }
  /// Turns until stop(); then a last one over what queued before.
  void run();
  void stop();
  void wake() { queue_.wake(); }
  /// Data waits for memory: wake() is due once some is free. Seen a turn late at most.
  [[nodiscard]] bool waits_for_memory() const { return waits_for_memory_; }

  /// Makes a change between two turns. Errors  the change's. Threads  owner's, through call().
  Result<void> apply(Work& work);

  /// Takes closed shards off their streams' maps whose retention is over. Threads  owner's, through call().
  void expire_shards(WallTime now);

  /// After a failed commit nothing is taken any more. Threads  owner, or any after run() ended.
  [[nodiscard]] bool has_failed() const { return failure_.has_value(); }
  /// Owner's thread, through call().
  [[nodiscard]] LaneTable& lanes() { return lanes_; }
  [[nodiscard]] spool::Journal& journal() { return *journal_; }

 private:
  struct ShardState {
    std::shared_ptr<ShardView> view;
    Offset end;  ///< planned; equals the view's between groups
    WallTime last_arrival;
    bool touched = false;
  };
  struct StreamState {
    std::shared_ptr<const StreamLog> log;
    std::vector<ShardState> shards;
  };
  /// A submission of the group being built. `header` lists what the entry holds.
  struct Planned {
    SubmissionPtr submission;
    RecordsHeader header;
    std::vector<std::pair<ShardState*, BatchPart*>> parts;
    std::size_t header_size = 0;
  };

  static bool is_data(const Submission& submission);
  /// How long the first submission of a turn waits for those of the other event loops: part of what its sync will take.
  [[nodiscard]] std::chrono::microseconds patience() const;
  void run_group(std::deque<SubmissionPtr>& queued);
  void plan(SubmissionPtr submission);
  void plan_put(PutWork& work, Planned& planned);
  void plan_upload(UploadWork& work, Planned& planned);
  void plan_lane(LaneWork& lane, Planned& planned);
  [[nodiscard]] bool place(const StreamState& stream, const std::vector<BatchPart>& parts) const;
  void assign(StreamState& stream, std::vector<BatchPart>& parts, std::uint32_t lane, Planned& planned);
  /// Builds the group's journal entries; false when nothing is to be written.
  bool build_entries();
  Result<void> commit_group();
  void acknowledge_too_early();  ///< planted bug
  void publish_group();
  void undo_group();
  void finish_group();
  void settle(Result<void> committed);
  void fail_all(const Error& error);
  void deliver();

  void run_change(SubmissionPtr submission);
  Result<void> change(CreateStreamWork& work);
  Result<void> change(const RemoveStreamWork& work);
  Result<void> change(const ChangeStreamWork& work);
  Result<void> change(const ChangeAccountWork& work);
  Result<void> change(ReshardWork& work);
  Result<void> change(const ForgetLanesWork& work);
  Result<void> change(const RaiseLanesWork& work);
  Result<void> change(const RaiseTimelineWork& work);
  Result<void> change(LaneStatesWork& work);
  Result<void> change(PutWork&) { return {}; }
  Result<void> change(UploadWork&) { return {}; }
  Result<void> commit_change(EntryType type, ByteView content);
  /// Up to two entries, one commit: both are durable or none is. An empty content is left out.
  Result<void> commit_changes(EntryType first_type, ByteView first, EntryType second_type, ByteView second);
  Result<void> commit_shards(StreamState& stream, ShardsChange change,
                             const std::vector<AttributeChange>& attributes = {});
  void publish_directory(const std::function<void(Directory&)>& edit);
  void adopt(const std::shared_ptr<const StreamLog>& log);
  void failed(const Error& error);

  SequencerContext context_;
  std::unique_ptr<spool::Journal> journal_;
  LaneTable lanes_;
  ArrivalClock arrival_;
  SubmissionQueue queue_;
  std::unordered_map<StreamId, StreamState> streams_;
  std::map<std::pair<std::string, std::string>, StreamId> names_;

  std::vector<Planned> group_;
  std::size_t group_size_ = 0;  ///< used slots of group_; their vectors are reused
  std::size_t group_bytes_ = 0;
  WallTime group_time_;
  std::chrono::microseconds last_sync_{0};
  std::vector<std::pair<LaneKey, std::optional<Lane>>> lane_undo_;
  Buffer headers_;
  std::vector<ByteView> views_;
  std::vector<spool::JournalEntry> entries_;
  std::map<SubmissionOwner*, std::vector<SubmissionPtr>> finished_;

  std::optional<Error> failure_;
  std::atomic<bool> running_{false};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> waits_for_memory_{false};
  Counter* commits_;
  Counter* records_;
  Counter* bytes_;
  Counter* rerouted_;
  Counter* reshards_;
  Histogram* commit_us_;
};

}  // namespace forebay::gateway::log
