#pragma once

#include <atomic>
#include <compare>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/units.h"
#include "gateway/kinesis/shared_events.h"
#include "gateway/stream/identifiers.h"

namespace forebay::gateway::kinesis {

/// What one subscription is to: a shard, read by one registration of a consumer.
struct SubscriptionKey {
  stream::StreamId stream;
  stream::ShardNumber shard;
  std::string consumer;
  std::int64_t consumer_created_s = 0;
  friend auto operator<=>(const SubscriptionKey&, const SubscriptionKey&) = default;
};

/// Who reads which shard: one subscription per consumer and shard. A second call within five seconds of a successful
/// one is refused; a later one takes over, and the old subscription ends.
/// Threads  any.
class SubscriptionTable {
 public:
  static constexpr std::chrono::seconds kHold{5};

  /// A subscription's place in the table; leaves it when destroyed. The table outlives its places.
  class Place {
   public:
    Place(Place&& other) noexcept
        : table_(std::exchange(other.table_, nullptr)),
          key_(std::move(other.key_)),
          replaced_(std::move(other.replaced_)),
          events_(std::move(other.events_)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (table_ != nullptr) table_->leave(key_, replaced_);
    }

    /// True once a newer subscription of the same consumer took the shard over.
    [[nodiscard]] bool is_replaced() const { return replaced_->load(std::memory_order_relaxed); }
    /// Encoded events of the shard, shared by all its subscriptions.
    [[nodiscard]] SharedEvents& events() const { return *events_; }
    /// False while this is the shard's only subscription.
    [[nodiscard]] bool has_company() const { return events_.use_count() > 1; }

   private:
    friend SubscriptionTable;
    using Flag = std::shared_ptr<std::atomic<bool>>;
    Place(SubscriptionTable& table, SubscriptionKey key, Flag replaced, std::shared_ptr<SharedEvents> events)
        : table_(&table), key_(std::move(key)), replaced_(std::move(replaced)), events_(std::move(events)) {}

    SubscriptionTable* table_;
    SubscriptionKey key_;
    Flag replaced_;
    std::shared_ptr<SharedEvents> events_;
  };

  /// Takes the shard for a consumer. Empty: another call did so less than five seconds ago.
  std::optional<Place> take(SubscriptionKey key, SteadyTime now);
  /// Entries, the ones still held back for five seconds included.
  [[nodiscard]] std::size_t size() const;

 private:
  struct Entry {
    SteadyTime taken;
    Place::Flag replaced;  ///< null: the subscription has ended
  };
  void leave(const SubscriptionKey& key, const Place::Flag& replaced);
  void forget_ended(SteadyTime now);
  std::shared_ptr<SharedEvents> events_of(const SubscriptionKey& key);

  mutable std::mutex mutex_;
  std::map<SubscriptionKey, Entry> entries_;
  std::map<std::pair<stream::StreamId, stream::ShardNumber>, std::weak_ptr<SharedEvents>> events_;
  SharedEvents::Budget budget_ = std::make_shared<std::atomic<std::size_t>>(0);
  std::size_t sweep_at_ = 64;
};

}  // namespace forebay::gateway::kinesis
