#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "gateway/http/body_stream.h"
#include "gateway/kinesis/action.h"
#include "gateway/kinesis/consumer_lookup.h"
#include "gateway/kinesis/subscription_event.h"
#include "gateway/kinesis/subscription_table.h"

namespace forebay::gateway::kinesis {

/// One subscription of a consumer to a shard: the frames of its answer, one at a time. The first frame is the initial
/// response; an event follows at once, then one whenever records arrive, and one every five seconds while none do.
/// Ends  cleanly after five minutes, after the end of a closed shard, and when the gateway stops; with an exception
///       frame when the stream, the consumer or the shard is gone (ResourceNotFound) or another call took over
///       (ResourceInUse).
/// Holds between two frames neither records nor stored batches, so a reader that stalls costs its one frame.
/// Threads  one event loop.
class Subscription final : public http::BodyStream {
 public:
  static constexpr std::chrono::seconds kLife{300};
  static constexpr std::chrono::seconds kEventInterval{5};

  /// `next` is the first offset to read. Call, services and scratch are the loop's; the call itself is not kept.
  Subscription(const Call& call, FoundConsumer found, std::shared_ptr<const stream::Shard> shard, stream::Offset next,
               SubscriptionTable::Place place);
  ~Subscription() override;

  Task<std::optional<Buffer>> next() override;
  void cancel() override { over_ = true; }

  /// What the one says whom a newer subscription replaced, and a call that comes too early.
  static wire::kinesis::Fault in_use(const Call& call, const FoundConsumer& found, const stream::Shard& shard);

 private:
  /// What is said when that is gone.
  struct Farewells {
    wire::kinesis::Fault stream;
    wire::kinesis::Fault consumer;
    wire::kinesis::Fault shard;
    wire::kinesis::Fault replaced;
  };

  [[nodiscard]] const wire::kinesis::Fault* look_around();
  [[nodiscard]] EventSource source() const;
  Task<std::optional<Buffer>> read_event();
  Task<void> step_over_gap(Error error);
  Task<void> wait();
  Buffer deliver(const EncodedEvent& event);
  Buffer farewell(const wire::kinesis::Fault& fault);

  const KinesisServices& services_;
  CallScratch& scratch_;
  stream::StreamPtr stream_;
  std::shared_ptr<const stream::Shard> shard_;
  RegisteredConsumer consumer_;
  SubscriptionTable::Place place_;
  Farewells farewells_;
  stream::Offset next_;
  WallTime last_arrival_;  ///< of the record before next_
  SteadyTime ends_;
  SteadyTime event_due_;
  bool opened_ = false;
  bool over_ = false;
};

}  // namespace forebay::gateway::kinesis
