#include "gateway/kinesis/subscription_table.h"

namespace forebay::gateway::kinesis {

std::optional<SubscriptionTable::Place> SubscriptionTable::take(SubscriptionKey key, SteadyTime now) {
  const std::scoped_lock lock(mutex_);
  forget_ended(now);
  const auto [at, is_new] = entries_.try_emplace(key);
  Entry& entry = at->second;
  if (!is_new) {
    if (now - entry.taken < kHold) return std::nullopt;
    if (entry.replaced) entry.replaced->store(true, std::memory_order_relaxed);
  }
  entry.taken = now;
  entry.replaced = std::make_shared<std::atomic<bool>>(false);
  return Place(*this, std::move(key), entry.replaced, events_of(at->first));
}

std::size_t SubscriptionTable::size() const {
  const std::scoped_lock lock(mutex_);
  return entries_.size();
}

void SubscriptionTable::leave(const SubscriptionKey& key, const Place::Flag& replaced) {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(key);
  if (found != entries_.end() && found->second.replaced == replaced) found->second.replaced.reset();
}

std::shared_ptr<SharedEvents> SubscriptionTable::events_of(const SubscriptionKey& key) {
  std::weak_ptr<SharedEvents>& slot = events_[{key.stream, key.shard}];
  std::shared_ptr<SharedEvents> events = slot.lock();
  if (!events) slot = events = std::make_shared<SharedEvents>(budget_);
  return events;
}

/// Ended entries only matter for five seconds. Looked for when the table has doubled, so a call costs little.
void SubscriptionTable::forget_ended(SteadyTime now) {
  if (entries_.size() < sweep_at_) return;
  std::erase_if(entries_,
                [&](const auto& entry) { return !entry.second.replaced && now - entry.second.taken >= kHold; });
  std::erase_if(events_, [](const auto& slot) { return slot.second.expired(); });
  sweep_at_ = std::max<std::size_t>(64, 2 * entries_.size());
}

}  // namespace forebay::gateway::kinesis
