#include "agent/uploader/request_thread.h"

#include <utility>

#include "base/assert.h"

namespace forebay::agent {

RequestThread::RequestThread() : thread_([this] { loop(); }) {}

RequestThread::~RequestThread() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void RequestThread::run(std::function<void()> job, std::function<void()> on_done) {
  {
    const std::lock_guard lock(mutex_);
    FB_ASSERT(!busy_);
    busy_ = true;
    job_ = std::move(job);
    on_done_ = std::move(on_done);
  }
  wake_.notify_one();
}

bool RequestThread::busy() const {
  const std::lock_guard lock(mutex_);
  return busy_;
}

void RequestThread::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return stop_ || job_; });
    if (!job_) return;
    const auto job = std::exchange(job_, nullptr);
    lock.unlock();
    job();
    lock.lock();
    busy_ = false;
    const auto on_done = std::exchange(on_done_, nullptr);
    lock.unlock();
    on_done();
    lock.lock();
  }
}

}  // namespace forebay::agent
