#pragma once

#include <atomic>
#include <cstddef>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "gateway/stream/resume.h"

namespace forebay::gateway::delivery {

/// Threads for what blocks: making objects, sending, the database. A coroutine has at most one call in it, so what
/// queues is bounded by the number of lanes and of callers.
/// Threads  any.
class WorkerPool {
 public:
  explicit WorkerPool(std::size_t threads) : pool_(threads) {}
  ~WorkerPool() { pool_.join(); }

  /// Runs `call`, a named object of the caller, and resumes the coroutine at its own executor.
  template <class Call>
  Task<void> run(Call& call) {
    auto start = [&](stream::Resume resume) {
      boost::asio::post(pool_, [&call, resume = std::move(resume)]() mutable {
        call();
        resume();
      });
    };
    co_await stream::suspend(start);
  }
  /// Waits until nothing runs or queues; nothing may be added meanwhile.
  void join() { pool_.join(); }

 private:
  boost::asio::thread_pool pool_;
};

}  // namespace forebay::gateway::delivery
