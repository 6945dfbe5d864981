#pragma once

#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "base/bounded_queue.h"
#include "base/result.h"

namespace forebay {

/// A few threads for calls that block (database, file opens, name lookups), so that no event loop does.
/// Threads  submit() and close() from any.
class BlockingPool {
 public:
  BlockingPool(std::size_t threads, std::size_t queue_max);
  /// As close().
  ~BlockingPool();
  BlockingPool(const BlockingPool&) = delete;
  BlockingPool& operator=(const BlockingPool&) = delete;

  /// `call` runs once on one of the threads; it must not throw.
  /// Errors  unavailable: the queue is full, retry later; cancelled: closed. `call` was then not taken.
  template <class F>
  Result<void> submit(F call) {
    return add(std::make_unique<JobOf<F>>(std::move(call)));
  }
  /// Takes no more, runs what was taken, and waits for it. Idempotent; not from a call inside the pool.
  void close();
  [[nodiscard]] std::size_t waiting() const { return jobs_.size(); }

 private:
  struct Job {
    virtual ~Job() = default;
    virtual void run() = 0;
  };
  /// Also holds what std::function cannot: calls that only move.
  template <class F>
  struct JobOf final : Job {
    explicit JobOf(F f) : call(std::move(f)) {}
    void run() override { call(); }
    F call;
  };

  Result<void> add(std::unique_ptr<Job> job);
  void work();

  BoundedQueue<std::unique_ptr<Job>> jobs_;
  std::vector<std::thread> threads_;
};

}  // namespace forebay
