#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/delivery/object_store.h"

namespace forebay::test {

/// What a bucket holds, and the order in which it came. Outlives every gateway. Threads  any.
class FakeBucket {
 public:
  gateway::delivery::PutOutcome put(const std::string& key, ByteView body) {
    const std::scoped_lock lock(mutex_);
    const auto [place, fresh] = objects_.emplace(key, to_buffer(body));
    if (fresh) {
      order_.push_back(key);
      return gateway::delivery::PutOutcome::created;
    }
    const bool equal = place->second == to_buffer(body);
    return equal ? gateway::delivery::PutOutcome::same : gateway::delivery::PutOutcome::different;
  }
  void remove(const std::string& key) {
    const std::scoped_lock lock(mutex_);
    objects_.erase(key);
  }
  std::optional<Buffer> get(const std::string& key) const {
    const std::scoped_lock lock(mutex_);
    const auto found = objects_.find(key);
    return found == objects_.end() ? std::nullopt : std::optional<Buffer>(found->second);
  }
  std::vector<std::string> keys(const std::string& prefix = "") const {
    const std::scoped_lock lock(mutex_);
    std::vector<std::string> keys;
    for (const auto& [key, body] : objects_)
      if (key.starts_with(prefix)) keys.push_back(key);
    return keys;
  }
  /// While it is set, no gateway reaches the bucket.
  std::atomic<bool> is_down{false};
  /// Keys in the order they were put.
  std::vector<std::string> order() const {
    const std::scoped_lock lock(mutex_);
    return order_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Buffer> objects_;
  std::vector<std::string> order_;
};

/// What happens to one call of a store.
enum class StoreFault : std::uint8_t { none, refuse, lose_reply };
struct StoreCall {
  std::uint64_t number = 0;  ///< of this gateway's calls that write, from 1
  std::string key;
};

/// One gateway's way to a bucket, with faults. Threads  any; the fault function is called one at a time.
class FakeStore final : public gateway::delivery::ObjectStore {
 public:
  explicit FakeStore(std::shared_ptr<FakeBucket> bucket) : bucket_(std::move(bucket)) {}

  void set_fault(std::function<StoreFault(const StoreCall&)> fault) {
    const std::scoped_lock lock(mutex_);
    fault_ = std::move(fault);
  }
  /// Called before each put, by several threads at once; may block.
  void set_gate(std::function<void(const std::string& key)> gate) {
    const std::scoped_lock lock(mutex_);
    gate_ = std::move(gate);
  }
  /// As if the process behind it were gone: nothing gets through any more.
  void cut_off() { dead_ = true; }

  Result<gateway::delivery::PutOutcome> put(const gateway::delivery::ObjectToPut& object) override {
    StoreFault fault = StoreFault::none;
    std::function<void(const std::string&)> gate;
    {
      const std::scoped_lock lock(mutex_);
      ++calls_;
      if (fault_) fault = fault_({calls_, object.key});
      gate = gate_;
    }
    if (gate) gate(object.key);
    if (dead_ || bucket_->is_down || fault == StoreFault::refuse)
      return Error{Errc::unavailable, "503 for " + object.key};
    const auto outcome = bucket_->put(object.key, object.body);
    if (fault == StoreFault::lose_reply) return Error{Errc::timed_out, "no answer for " + object.key};
    return outcome;
  }
  Result<std::optional<Buffer>> get(std::string_view key, std::size_t) override {
    if (dead_ || bucket_->is_down) return Error{Errc::unavailable, "503"};
    return bucket_->get(std::string(key));
  }
  Result<std::vector<gateway::delivery::StoredObject>> list(std::string_view prefix, std::string_view after,
                                                            std::size_t limit) override {
    if (dead_ || bucket_->is_down) return Error{Errc::unavailable, "503"};
    std::vector<gateway::delivery::StoredObject> found;
    for (const std::string& key : bucket_->keys(std::string(prefix)))
      if (key > after && found.size() < limit) found.push_back({key, bucket_->get(key)->size(), {}});
    return found;
  }
  Result<void> remove(std::string_view key) override {
    bucket_->remove(std::string(key));
    return {};
  }
  Result<std::size_t> abort_leftovers(std::string_view, std::string_view, WallTime) override { return std::size_t{0}; }

 private:
  std::shared_ptr<FakeBucket> bucket_;
  std::mutex mutex_;
  std::function<StoreFault(const StoreCall&)> fault_;
  std::function<void(const std::string&)> gate_;
  std::uint64_t calls_ = 0;
  std::atomic<bool> dead_{false};
};

}  // namespace forebay::test
