#include "gateway/delivery/sinks/function_sink.h"

#include <algorithm>
#include <thread>

#include "base/hash_key.h"
#include "gateway/delivery/sinks/function_event.h"

namespace forebay::gateway::delivery {
namespace {

/// Runs all lanes at the same time, the first on this thread.
std::vector<RecordSink::Outcome> run_lanes(const std::vector<std::unique_ptr<FunctionLane>>& lanes,
                                           const std::vector<std::vector<const DeliveryRecord*>>& records,
                                           WallTime now) {
  std::vector<RecordSink::Outcome> outcomes(lanes.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < lanes.size(); ++i)
    if (!records[i].empty()) threads.emplace_back([&, i] { outcomes[i] = lanes[i]->run(records[i], now); });
  outcomes[0] = lanes[0]->run(records[0], now);
  for (std::thread& thread : threads) thread.join();
  return outcomes;
}

}  // namespace

FunctionSink::FunctionSink(FunctionDestination function, SourceShard source, const InvokerFactory& make_invoker)
    : function_(std::move(function)), source_(std::move(source)) {
  for (std::uint32_t i = 0; i < std::max(1u, function_.parallel_per_shard); ++i)
    lanes_.push_back(std::make_unique<FunctionLane>(function_, source_, make_invoker()));
}

RecordSink::Limits FunctionSink::limits() const {
  return {std::min<std::size_t>(std::size_t{function_.batch_size} * lanes_.size(), kRecordsMax),
          kFunctionEventBytesMax / 4 * 3 * lanes_.size()};
}

RecordSink::Outcome FunctionSink::deliver(std::span<const DeliveryRecord> records, const Attempt& attempt) {
  fates_.begin(records);
  std::vector<std::vector<const DeliveryRecord*>> of_lane(lanes_.size());
  for (const DeliveryRecord& record : records) {
    if (fates_.settled(record)) continue;
    const std::size_t lane = lanes_.size() == 1 ? 0 : hash_key_of(record.partition_key).low % lanes_.size();
    of_lane[lane].push_back(&record);
  }
  const auto outcomes = run_lanes(lanes_, of_lane, attempt.now);
  std::string error;
  std::optional<Milliseconds> retry_after;
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    const Outcome& one = outcomes[lane];
    for (std::size_t i = 0; i < one.settled; ++i) fates_.take(*of_lane[lane][i]);
    for (const Failure& failure : one.failures)
      fates_.fail(*of_lane[lane][failure.index], failure.code, failure.message);
    if (error.empty()) error = one.error;
    if (one.retry_after) retry_after = std::max(retry_after.value_or(Milliseconds(0)), *one.retry_after);
  }
  Outcome outcome = fates_.collect(records);
  if (outcome.settled == records.size()) return outcome;
  outcome.error = std::move(error);
  outcome.retry_after = retry_after;
  return outcome;
}

void FunctionSink::cancel() {
  for (const auto& lane : lanes_) lane->cancel();
}

}  // namespace forebay::gateway::delivery
