#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

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
  /// Event loops that were answered together submit together, moments apart: with `patience` the first one's submission
  /// waits that long for those of the other owners of the last two takes, so that one sync serves them all.
  Taken take(bool with_data, bool wait, std::chrono::microseconds patience = {});

 private:
  using Owners = std::vector<const SubmissionOwner*>;
  [[nodiscard]] Owners owners() const;
  [[nodiscard]] bool all_are_here() const;

  const std::size_t bytes_max_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<SubmissionPtr> submissions_;
  std::deque<std::function<void()>> tasks_;
  std::array<Owners, 2> recent_;  ///< owners of the last takes
  std::size_t bytes_ = 0;
  bool woken_ = false;
  bool waiting_ = false;
  bool closed_ = false;
};

}  // namespace forebay::gateway::log
