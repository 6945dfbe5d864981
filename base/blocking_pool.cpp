#include "base/blocking_pool.h"

namespace forebay {

BlockingPool::BlockingPool(std::size_t threads, std::size_t queue_max) : jobs_(queue_max) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

BlockingPool::~BlockingPool() { close(); }

void BlockingPool::close() {
  jobs_.close();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

Result<void> BlockingPool::add(std::unique_ptr<Job> job) {
  if (jobs_.try_push(std::move(job))) return {};
  if (jobs_.closed()) return Error{Errc::cancelled, "the pool for blocking calls is closed"};
  return Error{Errc::unavailable,
               "all " + std::to_string(jobs_.capacity()) + " places for waiting calls are taken; retry later"};
}

void BlockingPool::work() {
  while (auto job = jobs_.pop()) (*job)->run();
}

}  // namespace forebay
