#pragma once

#include <optional>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/clock.h"
#include "gateway/log/embedded_log.h"
#include "gateway/stream/catalog.h"
#include "gateway/stream/key_cache.h"
#include "gateway/stream/resume.h"
#include "gateway/stream/shard_route.h"
#include "gateway/stream/stream_service.h"
#include "wire/kafka/record_batch.h"

namespace forebay::gateway::stream {

/// A put that waits for its records to be durable; lives in the frame of the coroutine that waits.
struct PendingPut {
  /// While waiting: `shard` is the index into open_shards, `offset` the place within the batch.
  std::vector<PutOutcome> outcomes;
  std::optional<Error> error;
  Resume resume;
};

/// A submission that knows what to do when it is back on its event loop.
struct LoopSubmission : log::Submission {
  using log::Submission::Submission;
  virtual void finished(std::unique_ptr<LoopSubmission> self) = 0;
};

/// Putting side of one event loop: collects the records of all calls of one loop turn into one batch per shard, submits
/// them together, and wakes the callers when the sequencer is done with them (one wake-up per turn). Batches that come
/// back because the shard map has changed are routed again, before later ones.
/// Threads  the event loop, but for completed(). The loop is run by one thread.
class PutLoop final : public log::SubmissionOwner {
 public:
  PutLoop(boost::asio::any_io_executor executor, log::EmbeddedLog& log, const Catalog& catalog, const Clock& clock);
  ~PutLoop() override;

  /// Copies the records into the turn's batches; `put` is resumed when they are durable or refused.
  void add(const StreamPtr& stream, std::span<const PutRecord> records, PendingPut& put);
  /// Submits other work. Errors  unavailable: nothing was taken.
  Result<void> submit(std::unique_ptr<LoopSubmission> submission) { return log_->submit(std::move(submission)); }

  void completed(std::vector<log::SubmissionPtr> finished) override;

 private:
  /// Records of this turn for one stream; builders by index of open_shards.
  struct OpenBatches {
    StreamPtr stream;
    ShardRoute route;
    std::vector<wire::kafka::RecordBatchBuilder> builders;
    std::vector<PendingPut*> puts;
    std::size_t bytes = 0;
  };
  struct PutSubmission;
  /// A put submission that the sequencer has.
  struct InFlight {
    StreamId stream;
    std::uint64_t map_version = 0;
  };

  OpenBatches& batches_of(const StreamPtr& stream);
  OpenBatches& new_batches(const StreamPtr& stream);
  void make_room(OpenBatches*& open, const StreamPtr& stream);
  [[nodiscard]] bool is_first(const OpenBatches& open) const;
  [[nodiscard]] bool may_flush() const;
  void schedule();
  void flush();
  void submit(OpenBatches& open);
  void send(std::unique_ptr<PutSubmission> submission);
  void take_back(std::vector<log::SubmissionPtr>& finished);
  [[nodiscard]] bool follows_map_in_flight(const Stream& stream) const;
  [[nodiscard]] bool may_submit(const Stream& stream) const;
  void send_returned();
  void route_again(std::unique_ptr<PutSubmission> submission, const StreamPtr& now);
  static void refuse(const std::vector<PendingPut*>& puts, const Error& error);
  void put_done(PutSubmission& submission);
  void finish(std::vector<log::SubmissionPtr> finished);

  boost::asio::any_io_executor executor_;
  log::EmbeddedLog* log_;
  const Catalog* catalog_;
  const Clock* clock_;
  KeyCache keys_;
  Buffer encoded_;
  std::vector<OpenBatches> open_;  ///< used ones first; their buffers are reused
  std::size_t open_count_ = 0;
  std::size_t open_bytes_ = 0;
  std::vector<InFlight> in_flight_;
  std::vector<std::unique_ptr<PutSubmission>> returned_;  ///< to be routed by the present map, in their order
  bool flush_scheduled_ = false;
};

}  // namespace forebay::gateway::stream
