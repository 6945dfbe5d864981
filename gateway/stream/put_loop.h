#pragma once

#include <optional>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/clock.h"
#include "gateway/log/embedded_log.h"
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
/// them together, and wakes the callers when the sequencer is done with them (one wake-up per turn).
/// Threads  the event loop, but for completed(). The loop is run by one thread.
class PutLoop final : public log::SubmissionOwner {
 public:
  PutLoop(boost::asio::any_io_executor executor, log::EmbeddedLog& log, const Clock& clock)
      : executor_(std::move(executor)), log_(&log), clock_(&clock) {}

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

  OpenBatches& batches_of(const StreamPtr& stream);
  [[nodiscard]] bool may_flush() const;
  void schedule();
  void flush();
  void submit(OpenBatches& open);
  void put_done(PutSubmission& submission);
  void finish(std::vector<log::SubmissionPtr> finished);

  boost::asio::any_io_executor executor_;
  log::EmbeddedLog* log_;
  const Clock* clock_;
  KeyCache keys_;
  Buffer encoded_;
  std::vector<OpenBatches> open_;  ///< used ones first; their buffers are reused
  std::size_t open_count_ = 0;
  std::size_t open_bytes_ = 0;
  std::size_t in_flight_ = 0;
  bool flush_scheduled_ = false;
};

}  // namespace forebay::gateway::stream
