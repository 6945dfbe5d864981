#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "base/units.h"
#include "gateway/stream/identifiers.h"

namespace forebay::gateway::kinesis {

/// One encoded SubscribeToShardEvent: the whole frame, and where it begins and ends in the shard.
struct EncodedEvent {
  stream::Offset from;
  stream::Offset next;
  WallTime last_arrival;  ///< of the record before `next`
  std::size_t records = 0;
  std::size_t data_bytes = 0;
  SteadyTime made;
  bool last = false;  ///< the end of a closed shard
  std::string frame;
};

/// The newest events of one shard, encoded once for all consumers that read its tip. An event says how far behind the
/// tip it is, so it serves for a few milliseconds only.
/// Threads  any.
class SharedEvents {
 public:
  using EventPtr = std::shared_ptr<const EncodedEvent>;
  /// Bytes that all shards hold together.
  using Budget = std::shared_ptr<std::atomic<std::size_t>>;

  static constexpr Milliseconds kLife{10};
  static constexpr std::size_t kBytesMax = 32_MiB;  ///< of all shards; beyond it events are not shared

  explicit SharedEvents(Budget budget) : budget_(std::move(budget)) {}
  ~SharedEvents() { drop_all(); }
  SharedEvents(const SharedEvents&) = delete;
  SharedEvents& operator=(const SharedEvents&) = delete;

  /// The event that begins at `from`; null when there is none, or none young enough.
  EventPtr find(stream::Offset from, SteadyTime now) {
    const std::scoped_lock lock(mutex_);
    for (EventPtr& event : events_) {
      if (event && now - event->made > kLife) drop(event);
      if (event && event->from == from) return event;
    }
    return nullptr;
  }
  /// Keeps it in the place of the oldest one.
  void add(EventPtr event) {
    const std::scoped_lock lock(mutex_);
    EventPtr& slot = events_[oldest_];
    drop(slot);
    if (budget_->load(std::memory_order_relaxed) + event->frame.capacity() > kBytesMax) return;
    budget_->fetch_add(event->frame.capacity(), std::memory_order_relaxed);
    slot = std::move(event);
    oldest_ = (oldest_ + 1) % events_.size();
  }
  /// Lets go of what is too old to be used.
  void expire(SteadyTime now) {
    const std::scoped_lock lock(mutex_);
    for (EventPtr& event : events_)
      if (event && now - event->made > kLife) drop(event);
  }

 private:
  void drop(EventPtr& event) {
    if (event) budget_->fetch_sub(event->frame.capacity(), std::memory_order_relaxed);
    event.reset();
  }
  void drop_all() {
    for (EventPtr& event : events_) drop(event);
  }

  Budget budget_;
  std::mutex mutex_;
  std::array<EventPtr, 4> events_;
  std::size_t oldest_ = 0;
};

}  // namespace forebay::gateway::kinesis
