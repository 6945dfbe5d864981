#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

#include "gateway/log/submission.h"

namespace forebay::gateway::log {

/// Bounded hand-over from event loops to the sequencer, with a side door for the segment thread's requests, which are
/// taken even while data has to wait.
/// Threads  any.
class SubmissionQueue {
 public:
  explicit SubmissionQueue(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// False, and the submission untouched, when the queue is full or closed.
  bool push(SubmissionPtr& submission);
  void push_task(std::function<void()> task);
  /// Wakes the sequencer to look again (memory became free, stop).
  void wake();
  /// Refuses submissions from now on.
  void close();

  struct Taken {
    std::deque<SubmissionPtr> submissions;
    std::deque<std::function<void()>> tasks;
    [[nodiscard]] bool empty() const { return submissions.empty() && tasks.empty(); }
  };
  /// Takes all tasks, and all submissions when `with_data`; waits for something to take or a wake-up when `wait`.
  Taken take(bool with_data, bool wait);

 private:
  const std::size_t bytes_max_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<SubmissionPtr> submissions_;
  std::deque<std::function<void()>> tasks_;
  std::size_t bytes_ = 0;
  bool woken_ = false;
  bool waiting_ = false;
  bool closed_ = false;
};

}  // namespace forebay::gateway::log
