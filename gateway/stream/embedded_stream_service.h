#pragma once

#include <array>
#include <atomic>
#include <mutex>

#include <boost/asio/thread_pool.hpp>

#include "gateway/log/embedded_log.h"
#include "gateway/stream/catalog.h"
#include "gateway/stream/on_demand_scaler.h"
#include "gateway/stream/put_loop.h"
#include "gateway/stream/stream_service.h"

namespace forebay::gateway::stream {

struct EmbeddedStreamDependencies {
  FileSystem* files = nullptr;
  Clock* clock = nullptr;
  Entropy* entropy = nullptr;
  MetricsRegistry* metrics = nullptr;
  log::DatabaseOpener open_database;
  /// Keys of encrypted streams; null: none.
  std::shared_ptr<const log::KeyRing> keys;
  /// After a failed write or sync of data: nothing is acknowledged any more; the process must exit with code 74.
  /// Threads  any.
  std::function<void(const Error&)> fatal;
};

/// The stream layer on the log of this process.
/// Lifecycle  open() recovers (no call is served before); start() runs the log's threads; stop() refuses new work,
///            finishes what queued, checkpoints and closes. Event loops that called it must still run until stop() has
///            returned and must not outlive it with calls in flight.
/// Threads    calls come from event loops that one thread each runs; start() and stop() from the composition.
class EmbeddedStreamService final : public StreamService {
 public:
  static Result<std::unique_ptr<EmbeddedStreamService>> open(EmbeddedStreamDependencies dependencies, std::string data,
                                                             const log::LogOptions& options, Logger logger);
  ~EmbeddedStreamService() override;

  void start();
  Result<void> stop();
  [[nodiscard]] log::EmbeddedLog& log() { return *log_; }
  /// After keys were added to the ring of the dependencies.
  void keys_changed() { log_->keys_changed(); }

  [[nodiscard]] StreamPtr find(std::string_view account, std::string_view name) const override;
  [[nodiscard]] std::vector<StreamPtr> list(std::string_view account, std::string_view after,
                                            std::size_t limit) const override;
  [[nodiscard]] std::uint64_t open_shard_count(std::string_view account) const override;
  [[nodiscard]] std::vector<StreamPtr> metered() const override { return catalog_.metered(); }
  [[nodiscard]] Attributes account_attributes(std::string_view account) const override;
  [[nodiscard]] std::uint64_t timeline() const override;

  Task<Result<StreamPtr>> create(CreateStream request) override;
  Task<Result<void>> remove(StreamPtr stream) override;
  Task<Result<void>> set_retention(StreamPtr stream, std::int32_t hours) override;
  Task<Result<StreamPtr>> change(StreamPtr stream, StreamSettings settings) override;
  Task<Result<void>> set_account_attributes(std::string account, std::vector<AttributeChange> changes) override;
  Task<Result<StreamPtr>> split(StreamPtr stream, ShardNumber shard, HashKey new_start) override;
  Task<Result<StreamPtr>> merge(StreamPtr stream, ShardNumber lower, ShardNumber upper) override;
  Task<Result<StreamPtr>> scale(StreamPtr stream, std::uint32_t shard_count,
                                std::vector<AttributeChange> attributes = {}) override;
  Task<Result<std::vector<PutOutcome>>> put(StreamPtr stream, std::span<const PutRecord> records) override;
  Task<Result<std::vector<LaneBatchOutcome>>> append_lanes(std::vector<LaneBatch> lanes) override;
  Task<Result<std::vector<LaneState>>> lane_states(std::vector<std::pair<Lineage, StreamId>> lanes) override;
  Task<Result<void>> forget_lineages(std::array<std::uint8_t, 16> root, std::uint64_t through) override;
  Result<void> continue_history(std::uint64_t timeline, StreamId stream,
                                std::vector<std::pair<Lineage, std::uint64_t>> lanes) override;
  Task<Result<ReadResult>> read(std::shared_ptr<const Shard> shard, Offset from, std::size_t bytes_max) override;
  Task<Result<Offset>> readable_from(std::shared_ptr<const Shard> shard, Offset from) override;
  Task<Result<Offset>> wait_for_records(std::shared_ptr<const Shard> shard, Offset from, Milliseconds timeout) override;
  Task<Result<Offset>> offset_at(std::shared_ptr<const Shard> shard, WallTime time) override;

 private:
  EmbeddedStreamService(EmbeddedStreamDependencies dependencies, Logger logger);
  /// The putting side of the loop that runs the caller.
  PutLoop& loop_of(const boost::asio::any_io_executor& executor);
  Task<Result<StreamPtr>> reshard(StreamPtr stream, log::Reshard wish, std::vector<AttributeChange> attributes);
  /// Sends work through the sequencer and waits until it is done; errors are the submission's.
  Task<Result<log::SubmissionPtr>> run(log::Work work);

  EmbeddedStreamDependencies dependencies_;
  Logger logger_;
  Catalog catalog_;
  std::unique_ptr<OnDemandScaler> scaler_;  ///< outlives the log's threads
  std::unique_ptr<log::EmbeddedLog> log_;
  boost::asio::thread_pool blocking_{2};  ///< reads that may wait for the disk

  static constexpr std::size_t kLoopsMax = 64;
  struct LoopSlot {
    std::atomic<const void*> context{nullptr};
    std::unique_ptr<PutLoop> loop;
  };
  std::array<LoopSlot, kLoopsMax> loops_;
  std::mutex loops_mutex_;  ///< for the first call of a loop
};

}  // namespace forebay::gateway::stream
