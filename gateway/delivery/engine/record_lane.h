#pragma once

#include "gateway/delivery/engine/cut_policy.h"
#include "gateway/delivery/engine/dead_letter.h"
#include "gateway/delivery/engine/lane_reader.h"
#include "gateway/delivery/engine/lane_retry.h"

namespace forebay::gateway::delivery {

/// Hands one shard's records to a record sink, in order, at least once: progress is durable behind every settled part
/// of a batch, and together with it what the sink refused for good (dead letters).
/// Threads  the event loop; what blocks runs in the pool while the coroutine waits.
class RecordLane {
 public:
  /// Runs until there is a reason to end; `lane` then says how far it is.
  static Task<LaneEnd> run(std::shared_ptr<Lane> lane);

 private:
  /// A batch on its way, as its attempts go.
  struct Batch {
    std::size_t count = 0;
    RecordSink::Attempt attempt;
    SteadyTime begun;
  };
  /// The sink as long as somebody may cancel it.
  class OpenSink {
   public:
    OpenSink(DeliveryState& delivery, std::unique_ptr<RecordSink> sink) : delivery_(delivery), sink_(std::move(sink)) {
      delivery_.add_sink(*sink_);
    }
    ~OpenSink() { delivery_.remove_sink(*sink_); }
    OpenSink(const OpenSink&) = delete;
    OpenSink& operator=(const OpenSink&) = delete;
    RecordSink& operator*() { return *sink_; }
    RecordSink* operator->() { return sink_.get(); }

   private:
    DeliveryState& delivery_;
    std::unique_ptr<RecordSink> sink_;
  };

  explicit RecordLane(std::shared_ptr<Lane> lane) : lane_(std::move(lane)), retry_(lane_) {}

  Task<LaneEnd> work();
  /// The steps below give a reason to end, or nothing.
  Task<std::optional<LaneEnd>> open_sink();
  Task<std::optional<LaneEnd>> step();
  Task<std::optional<LaneEnd>> read_page();
  Task<std::optional<LaneEnd>> wait_for_more();
  Task<std::optional<LaneEnd>> declare(LostRange lost);
  Task<std::optional<LaneEnd>> deliver_batch();
  Task<std::optional<LaneEnd>> settle(std::size_t count, std::vector<DeadRecord> dead, bool finished);
  Task<void> wait_after(const Batch& batch, const RecordSink::Outcome& outcome);
  Task<void> wait_for_dead_letters();

  void begin_attempts(Batch& batch);
  [[nodiscard]] std::size_t batch_size() const;
  [[nodiscard]] Filling filling();
  [[nodiscard]] bool is_full() const;
  [[nodiscard]] bool gives_up(const Batch& batch, const RecordSink::Outcome& outcome) const;
  [[nodiscard]] std::vector<DeadRecord> refused(const Batch& batch, const RecordSink::Outcome& outcome) const;
  [[nodiscard]] std::vector<DeadRecord> rest(const Batch& batch, const RecordSink::Outcome& outcome) const;
  [[nodiscard]] bool has_dead_letters() const { return !destination_.dead_letters.objects.bucket.empty(); }
  LaneEnd stand_still(const Error& error);

  std::shared_ptr<Lane> lane_;
  LaneRetry retry_;
  RecordDestination destination_;
  std::optional<OpenSink> sink_;
  RecordSink::Limits limits_;

  std::deque<HeldRecord> held_;
  std::size_t held_bytes_ = 0;
  stream::Offset position_;  ///< next to be read
  SteadyTime since_;
  std::optional<stream::Offset> target_;
};

}  // namespace forebay::gateway::delivery
