#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace forebay::agent {

/// One thread that runs one blocking job at a time, so that the next request is cut while one is under way.
/// Lifecycle  start a job only when none runs; the destructor waits for the running one.
/// Threads    run() and busy(): the owner.
class RequestThread {
 public:
  RequestThread();
  ~RequestThread();

  /// `on_done` runs on this thread after the job.
  void run(std::function<void()> job, std::function<void()> on_done);
  [[nodiscard]] bool busy() const;

 private:
  void loop();

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::function<void()> job_;
  std::function<void()> on_done_;
  bool busy_ = false;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace forebay::agent
