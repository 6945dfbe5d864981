#include "gateway/delivery/engine/sender_pool.h"

#include <system_error>

namespace forebay::gateway::delivery {

void SenderPool::add(const SharePtr& share, std::unique_ptr<Job> job) {
  const std::scoped_lock lock(mutex_);
  if (share->running_ == share->at_once_) {
    share->waiting_.push_back(std::move(job));
    return;
  }
  ++share->running_;
  make_ready({share, std::move(job)});
}

void SenderPool::make_ready(Ready ready) {
  ready_.push_back(std::move(ready));
  news_.notify_one();
  // A thread that was told of another job is still counted as idle.
  if (idle_ >= ready_.size() || threads_.size() == threads_max_) return;
  try {
    threads_.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    // The machine gives no more threads: those that run take the job when they are done.
    if (threads_.empty()) throw;
  }
}

void SenderPool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (ready_.empty()) {
      if (ending_) return;
      ++idle_;
      news_.wait(lock);
      --idle_;
      continue;
    }
    Ready next = std::move(ready_.front());
    ready_.pop_front();
    lock.unlock();
    next.job->call();
    lock.lock();
    Share& share = *next.share;
    --share.running_;
    if (!share.waiting_.empty()) {
      ++share.running_;
      std::unique_ptr<Job> waited = std::move(share.waiting_.front());
      share.waiting_.pop_front();
      make_ready({next.share, std::move(waited)});
    }
    lock.unlock();
    // Behind the release: what the coroutine does next finds its share free.
    next.job->done();
    next = {};
    lock.lock();
  }
}

void SenderPool::join() {
  std::vector<std::thread> threads;
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
    threads = std::move(threads_);
    threads_.clear();
  }
  news_.notify_all();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace forebay::gateway::delivery
