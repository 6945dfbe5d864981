#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "gateway/stream/resume.h"

namespace forebay::gateway::delivery {

/// Threads that wait for somebody else: stores, sinks, receivers. One is started when a call finds none idle, up to a
/// bound. Each call belongs to a share, of which so many run at once; the rest of it waits, first come first served.
/// So a receiver that hangs holds the threads of its own delivery stream and no others.
/// What waits is bounded by the coroutines that call: each has at most one call in it.
/// Threads  any.
class SenderPool {
  struct Job {
    Job() = default;
    virtual ~Job() = default;
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;
    virtual void call() = 0;
    virtual void done() = 0;
  };

 public:
  /// What one delivery stream may have of the threads.
  class Share {
   public:
    explicit Share(std::size_t at_once) : at_once_(at_once) {}

   private:
    friend class SenderPool;
    const std::size_t at_once_;
    std::size_t running_ = 0;
    std::deque<std::unique_ptr<Job>> waiting_;
  };
  using SharePtr = std::shared_ptr<Share>;

  explicit SenderPool(std::size_t threads_max) : threads_max_(threads_max) {}
  ~SenderPool() { join(); }
  SenderPool(const SenderPool&) = delete;
  SenderPool& operator=(const SenderPool&) = delete;

  /// Runs `call`, a named object of the caller, and resumes the coroutine at its own executor.
  template <class Call>
  Task<void> run(SharePtr share, Call& call) {
    auto start = [&](stream::Resume resume) { add(share, std::make_unique<JobOf<Call>>(call, std::move(resume))); };
    co_await stream::suspend(start);
  }
  /// Runs `call` without telling anybody.
  void post(const SharePtr& share, std::function<void()> call) {
    add(share, std::make_unique<OwnJob>(std::move(call)));
  }
  /// Waits until nothing runs or waits; nothing may be added meanwhile.
  void join();

 private:
  template <class Call>
  struct JobOf final : Job {
    JobOf(Call& f, stream::Resume r) : function(f), resume(std::move(r)) {}
    void call() override { function(); }
    void done() override { resume(); }

    Call& function;
    stream::Resume resume;
  };
  struct OwnJob final : Job {
    explicit OwnJob(std::function<void()> f) : function(std::move(f)) {}
    void call() override { function(); }
    void done() override {}

    std::function<void()> function;
  };
  struct Ready {
    SharePtr share;
    std::unique_ptr<Job> job;
  };

  void add(const SharePtr& share, std::unique_ptr<Job> job);
  /// Hands a job to the threads. Locked.
  void make_ready(Ready ready);
  void work();

  const std::size_t threads_max_;
  std::mutex mutex_;
  std::condition_variable news_;
  std::deque<Ready> ready_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool ending_ = false;
};

}  // namespace forebay::gateway::delivery
