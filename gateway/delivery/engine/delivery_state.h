#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "gateway/delivery/delivery_service.h"
#include "gateway/delivery/engine/delivery_rows.h"
#include "gateway/delivery/engine/sender_pool.h"
#include "gateway/delivery/engine/sleeper.h"
#include "gateway/delivery/record_sink.h"

namespace forebay::gateway::delivery {

/// One version of what a delivery stream does. Immutable.
struct CompiledDelivery {
  DeliveryDefinition definition;
  std::uint64_t version = 1;
  std::string document;
};
using CompiledPtr = std::shared_ptr<const CompiledDelivery>;

/// How far one lane is, for whoever asks.
struct LaneProgress {
  std::shared_ptr<const stream::Shard> shard;
  stream::Offset first;
  stream::Offset next;
  std::optional<stream::Offset> until;
  std::optional<WallTime> oldest;  ///< arrival of the record at `next`, once it was read
  bool finished = false;
  std::uint64_t open_partitions = 0;  ///< dynamic partitions with records that are not delivered yet

  [[nodiscard]] std::uint64_t behind() const {
    const stream::Offset end = until ? *until : shard->end_offset();
    return finished || next >= end ? 0 : static_cast<std::uint64_t>(end.value() - next.value());
  }
};

/// One delivery stream as its lanes and those who ask about it share it.
/// Threads  any, but for the two sleepers: the event loop.
class DeliveryState {
 public:
  /// At most `senders_at_once` of its calls wait for stores and sinks at a time.
  DeliveryState(DeliveryId id, DeliveryInfo info, std::size_t senders_at_once)
      : id_(id), senders_(std::make_shared<SenderPool::Share>(senders_at_once)), info_(std::move(info)) {}

  [[nodiscard]] DeliveryId id() const { return id_; }
  [[nodiscard]] const SenderPool::SharePtr& senders() const { return senders_; }
  [[nodiscard]] DeliveryInfo info() const;
  void set_info(DeliveryInfo info);
  /// Null: the stored document cannot be used, status() says why.
  [[nodiscard]] CompiledPtr compiled() const;
  void set_compiled(CompiledPtr compiled);

  /// Lanes begun under an older generation leave at their next safe place; new ones take their place.
  [[nodiscard]] std::uint64_t generation() const { return generation_.load(); }
  /// Also ends what sinks do at the moment. The sleepers are woken by the event loop.
  void raise_generation();
  /// Changes of one delivery stream happen one after the other. Threads  the event loop.
  bool is_changing = false;
  [[nodiscard]] bool is_removed() const { return removed_.load(); }
  void set_removed() { removed_ = true; }

  void delivered(std::uint64_t records, std::uint64_t bytes, const std::string& object, WallTime now);
  void failed(const std::string& error, WallTime now);
  void gave_up(std::uint64_t records);

  void set_progress(const LaneKey& key, LaneProgress progress);
  void drop_progress(const LaneKey& key);
  /// Changes what is known of a lane; nothing when the lane is not known.
  template <class Change>
  void change_progress(const LaneKey& key, Change&& change) {
    const std::scoped_lock lock(mutex_);
    if (const auto found = lanes_.find(key); found != lanes_.end()) change(found->second);
  }
  [[nodiscard]] std::map<LaneKey, LaneProgress> progress() const;
  [[nodiscard]] DeliveryStatus status(WallTime now) const;

  void set_replay(const ReplayRow& replay);
  void finish_replay(const std::string& id);  ///< nothing when it was cancelled
  void drop_replay(const std::string& id);
  [[nodiscard]] std::vector<ReplayRow> replays() const;
  [[nodiscard]] std::vector<ReplayStatus> replay_status() const;
  void replay_failed(const std::string& id, const std::string& error);

  void add_sink(RecordSink& sink);
  void remove_sink(RecordSink& sink);
  [[nodiscard]] Sleeper& sleeper() { return sleeper_; }
  /// Of what sends dead letters. Threads  the event loop.
  [[nodiscard]] Sleeper& letter_bell() { return letter_bell_; }
  /// There may be dead letters to send. Threads  the event loop.
  void ring_for_letters() {
    ++letter_rings_;
    letter_bell_.wake_all();
  }
  /// Who looks for letters compares it before it sleeps: it may have rung during the look.
  [[nodiscard]] std::uint64_t letter_rings() const { return letter_rings_; }

 private:
  const DeliveryId id_;
  const SenderPool::SharePtr senders_;
  std::atomic<std::uint64_t> generation_{1};
  std::atomic<bool> removed_{false};
  Sleeper sleeper_;
  Sleeper letter_bell_;
  std::uint64_t letter_rings_ = 0;

  mutable std::mutex mutex_;
  DeliveryInfo info_;
  CompiledPtr compiled_;
  DeliveryStatus status_;  ///< what does not come from the lanes
  std::map<LaneKey, LaneProgress> lanes_;
  std::map<std::string, ReplayRow> replays_;
  std::map<std::string, std::string> replay_errors_;
  std::set<RecordSink*> sinks_;
};
using DeliveryStatePtr = std::shared_ptr<DeliveryState>;

}  // namespace forebay::gateway::delivery
