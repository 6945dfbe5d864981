#pragma once

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <memory>
#include <mutex>

#include "gateway/stream/resume.h"

namespace forebay::gateway::delivery {

/// Threads for work on this machine: records, the database. Made with the first call. A coroutine has at most one call
/// in it, so what queues is bounded by the number of lanes and of callers.
/// Threads  any.
class WorkerPool {
 public:
  explicit WorkerPool(std::size_t threads) : threads_(threads) {}
  ~WorkerPool() { join(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Runs `call`, a named object of the caller, and resumes the coroutine at its own executor.
  template <class Call>
  Task<void> run(Call& call) {
    auto start = [&](stream::Resume resume) {
      boost::asio::post(pool(), [&call, resume = std::move(resume)]() mutable {
        call();
        resume();
      });
    };
    co_await stream::suspend(start);
  }
  /// Waits until nothing runs or queues; nothing may be added meanwhile.
  void join() {
    const std::scoped_lock lock(mutex_);
    if (pool_) pool_->join();
  }

 private:
  boost::asio::thread_pool& pool() {
    const std::scoped_lock lock(mutex_);
    if (!pool_) pool_ = std::make_unique<boost::asio::thread_pool>(threads_);
    return *pool_;
  }

  const std::size_t threads_;
  std::mutex mutex_;
  std::unique_ptr<boost::asio::thread_pool> pool_;
};

}  // namespace forebay::gateway::delivery
