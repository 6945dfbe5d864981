#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace forebay::gateway::log {

/// An immutable value that one thread replaces and many read. The lock is held for one pointer copy.
/// (std::atomic<std::shared_ptr> of GCC 12 is the same lock without a name the race checker knows.)
/// Threads  any.
template <class T>
class Published {
 public:
  Published() : value_(std::make_shared<const T>()) {}

  [[nodiscard]] std::shared_ptr<const T> get() const {
    const std::scoped_lock lock(mutex_);
    return value_;
  }
  void set(std::shared_ptr<const T> value) {
    const std::scoped_lock lock(mutex_);
    value_.swap(value);
  }
  /// Replaces the value by a changed copy; changes by several threads never lose one another.
  template <class Change>
  void update(Change&& change) {
    std::shared_ptr<const T> old;
    const std::scoped_lock lock(mutex_);
    auto copy = std::make_shared<T>(*value_);
    change(*copy);
    old = std::exchange(value_, std::move(copy));
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace forebay::gateway::log
