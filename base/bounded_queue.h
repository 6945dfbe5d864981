#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "base/assert.h"
#include "base/units.h"

namespace forebay {

/// A queue of at most `capacity` items between threads. Any number of threads may push and pop.
/// After close() nothing goes in, what is inside still comes out, and every waiter wakes.
template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) { FB_ASSERT(capacity > 0); }

  /// Waits for room. False when closed; the item is then unchanged.
  bool push(T&& item) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return closed_ || items_.size() < capacity_; });
    return add(std::move(item));
  }
  /// False when full or closed; the item is then unchanged.
  bool try_push(T&& item) {
    std::lock_guard lock(mutex_);
    return items_.size() < capacity_ && add(std::move(item));
  }
  /// Waits for an item. Empty when closed and drained.
  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [this] { return closed_ || !items_.empty(); });
    return take();
  }
  /// Waits no longer than `timeout`. Empty on time-out, or when closed and drained.
  std::optional<T> pop_for(Milliseconds timeout) {
    std::unique_lock lock(mutex_);
    filled_.wait_for(lock, timeout, [this] { return closed_ || !items_.empty(); });
    return take();
  }
  std::optional<T> try_pop() {
    std::lock_guard lock(mutex_);
    return take();
  }

  void close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    room_.notify_all();
    filled_.notify_all();
  }
  [[nodiscard]] bool closed() const {
    std::lock_guard lock(mutex_);
    return closed_;
  }
  [[nodiscard]] std::size_t size() const {
    std::lock_guard lock(mutex_);
    return items_.size();
  }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  bool add(T&& item) {
    if (closed_) return false;
    items_.push_back(std::move(item));
    filled_.notify_one();
    return true;
  }
  std::optional<T> take() {
    if (items_.empty()) return std::nullopt;
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    room_.notify_one();
    return item;
  }

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::condition_variable filled_;
  std::deque<T> items_;
  bool closed_ = false;
};

}  // namespace forebay
