#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "gateway/delivery/sinks/function_lane.h"

namespace forebay::gateway::delivery {

/// Gives records to a function as Lambda's event source mapping does. With parallel_per_shard above 1 so many batches
/// run at the same time, each of its own keys, so that the order within a key holds.
class FunctionSink final : public RecordSink {
 public:
  static constexpr std::size_t kRecordsMax = 10'000;
  using InvokerFactory = std::function<std::unique_ptr<FunctionInvoker>()>;

  /// Takes one invoker per parallel batch.
  FunctionSink(FunctionDestination function, SourceShard source, const InvokerFactory& make_invoker);

  [[nodiscard]] Limits limits() const override;
  Outcome deliver(std::span<const DeliveryRecord> records, const Attempt& attempt) override;
  void cancel() override;

 private:
  const FunctionDestination function_;
  const SourceShard source_;
  std::vector<std::unique_ptr<FunctionLane>> lanes_;
  RecordFates fates_;
};

}  // namespace forebay::gateway::delivery
