#pragma once

#include <atomic>
#include <cstddef>

#include "base/metrics.h"

namespace forebay::gateway::http {

/// Memory for request bodies, shared by all event loops. Bodies are charged as they arrive; when the budget is spent,
/// sessions stop reading until another request is done.
/// Threads  any.
class BodyBudget {
 public:
  BodyBudget(std::size_t bytes_max, Gauge& used) : bytes_max_(bytes_max), gauge_(used) {}

  /// Takes `bytes` or nothing.
  bool try_take(std::size_t bytes) {
    std::size_t used = used_.load(std::memory_order_relaxed);
    do {
      if (used + bytes > bytes_max_) return false;
    } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
    gauge_.add(static_cast<std::int64_t>(bytes));
    return true;
  }
  void give_back(std::size_t bytes) {
    used_.fetch_sub(bytes, std::memory_order_relaxed);
    gauge_.add(-static_cast<std::int64_t>(bytes));
  }
  [[nodiscard]] std::size_t used() const { return used_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::size_t bytes_max() const { return bytes_max_; }

 private:
  std::size_t bytes_max_;
  std::atomic<std::size_t> used_{0};
  Gauge& gauge_;
};

/// What one request has taken; gives it back when the request is done.
class BodyCharge {
 public:
  explicit BodyCharge(BodyBudget& budget) : budget_(&budget) {}
  BodyCharge(const BodyCharge&) = delete;
  BodyCharge& operator=(const BodyCharge&) = delete;
  ~BodyCharge() { release(); }

  bool take(std::size_t bytes) {
    if (!budget_->try_take(bytes)) return false;
    taken_ += bytes;
    return true;
  }
  [[nodiscard]] std::size_t taken() const { return taken_; }
  void release() {
    if (taken_ > 0) budget_->give_back(taken_);
    taken_ = 0;
  }

 private:
  BodyBudget* budget_;
  std::size_t taken_ = 0;
};

}  // namespace forebay::gateway::http
