#pragma once

#include <deque>
#include <memory>
#include <span>

#include "gateway/delivery/definition.h"
#include "gateway/delivery/sinks/function_invoker.h"
#include "gateway/delivery/sinks/record_fates.h"

namespace forebay::gateway::delivery {

/// Calls a function with one batch after the other, as Lambda's poller does for one batch of a shard at a time:
/// retries, maximum age, bisecting and partial failures. What it learnt about batches under way is kept between calls.
/// Threads  run() from one thread; cancel() from any.
class FunctionLane {
 public:
  FunctionLane(const FunctionDestination& function, const SourceShard& source, std::unique_ptr<FunctionInvoker> invoker)
      : function_(function), source_(source), invoker_(std::move(invoker)) {}

  using Records = std::span<const DeliveryRecord* const>;
  /// Goes on until all are settled or one batch needs another attempt.
  RecordSink::Outcome run(Records records, WallTime now);
  void cancel() { invoker_->cancel(); }

 private:
  /// The next records of the lane that go together.
  struct Batch {
    std::size_t records = 0;
    std::uint32_t failures = 0;  ///< invocations that failed, as the function's own fault
  };
  enum class Step : std::uint8_t { again, later };

  void expire(Records records, WallTime now, RecordSink::Outcome& outcome);
  [[nodiscard]] Batch cut(Records records) const;
  Step invoke(Records batch, WallTime now, RecordSink::Outcome& outcome);
  Step on_function_error(Records batch, std::string error, RecordSink::Outcome& outcome);
  void settle(std::size_t records, RecordSink::Outcome& outcome);
  void give_up(std::size_t records, const char* code, const std::string& message, RecordSink::Outcome& outcome);

  const FunctionDestination& function_;
  const SourceShard& source_;
  std::unique_ptr<FunctionInvoker> invoker_;
  std::deque<Batch> batches_;  ///< from the first unsettled record on
  RecordPlace head_;           ///< of the first batch
};

}  // namespace forebay::gateway::delivery
