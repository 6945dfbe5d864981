#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "gateway/log/batch_cipher.h"
#include "gateway/log/recovery.h"
#include "gateway/log/segment_keeper.h"

namespace forebay::gateway::log {

struct LogDependencies {
  FileSystem* files = nullptr;
  Clock* clock = nullptr;
  Entropy* entropy = nullptr;
  MetricsRegistry* metrics = nullptr;
  DatabaseOpener open_database;
  /// Keys of encrypted streams; null: none. Streams whose keys are missing are refused by name, the others go on.
  std::shared_ptr<const KeyRing> keys;
  /// On the sequencer's thread, after a change of streams is durable and before its caller hears of it.
  std::function<void(const std::shared_ptr<const Directory>&)> directory_changed;
  /// On the segment thread, between its rounds (every second, oftener under load). May be empty.
  std::function<void()> background;
  /// After a failed write or sync of data: nothing is acknowledged any more and the process must exit (code 74).
  std::function<void(const Error&)> fatal;
};

/// The durable log of all streams in one folder: recovery, the sequencer and its thread, the segment thread.
/// Lifecycle  open() recovers; start() runs the two threads (tests may drive sequencer() and keeper() in a plain loop
///            instead); stop() finishes what queued, checkpoints, and closes.
class EmbeddedLog {
 public:
  static Result<std::unique_ptr<EmbeddedLog>> open(LogDependencies dependencies, std::string data,
                                                   const LogOptions& options, Logger logger);
  ~EmbeddedLog();
  EmbeddedLog(const EmbeddedLog&) = delete;
  EmbeddedLog& operator=(const EmbeddedLog&) = delete;

  void start();
  Result<void> stop();

  /// Threads  any.
  /// Takes the submission, after its batches were encrypted when their streams are.
  /// Errors  unavailable: the queue is full, or the log is stopping; permission: the key of the stream is missing.
  Result<void> submit(SubmissionPtr submission);
  [[nodiscard]] std::shared_ptr<const Directory> directory() const { return directory_.get(); }
  [[nodiscard]] ShardReader& reader() { return reader_; }
  /// Looks for missing keys again, after some were added: logs the streams that still need one.
  void keys_changed();

  /// For tests that drive the log in a plain loop.
  [[nodiscard]] Sequencer& sequencer() { return *sequencer_; }
  [[nodiscard]] SegmentKeeper& keeper() { return *keeper_; }

  struct RecoverySummary {
    spool::RecoveryReport journal;
    std::uint64_t holes = 0;
    std::uint64_t replayed_batches = 0;
    std::uint64_t skipped_batches = 0;
  };
  [[nodiscard]] const RecoverySummary& recovery() const { return recovery_; }

 private:
  EmbeddedLog(LogDependencies dependencies, std::string data, const LogOptions& options, Logger logger);
  Result<void> recover();
  void make_sequencer(std::unique_ptr<spool::Journal> journal, LaneTable lanes);
  void make_keeper(CatalogStore store, CatalogState saved, SegmentWriters writers);
  void run_keeper();
  void fail(const Error& error);
  /// Streams that need keys which are not here, and these.
  using MissingKeys = std::vector<std::pair<std::shared_ptr<const StreamLog>, std::vector<KeyId>>>;
  [[nodiscard]] MissingKeys missing_keys() const;
  void count_locked_streams();

  LogDependencies dependencies_;
  DataPaths paths_;
  LogOptions options_;
  Logger logger_;
  std::shared_ptr<TailBudget> budget_;
  Published<Directory> directory_;
  DirtyShards dirty_;
  JournalProgress progress_;
  std::atomic<bool> space_low_{false};
  BatchCipher cipher_;
  ShardReader reader_;
  std::unique_ptr<Sequencer> sequencer_;
  std::unique_ptr<SegmentKeeper> keeper_;
  RecoverySummary recovery_;
  SteadyTime keys_looked_at_;  ///< segment thread

  std::thread sequencer_thread_;
  std::thread keeper_thread_;
  std::mutex keeper_mutex_;
  std::condition_variable keeper_wake_;
  bool keeper_woken_ = false;
  bool keeper_stopping_ = false;
};

}  // namespace forebay::gateway::log
