#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

#include "base/units.h"

namespace forebay {

/// One wish to stop, seen by many. Set once, never taken back.
/// Owner    outlives everybody who waits on it. Threads  any.
class Stop {
 public:
  /// The first call wakes all waiters and runs the functions of on_request() in their order, on the calling thread.
  void request();
  [[nodiscard]] bool requested() const;
  void wait() const;
  /// True when requested, at the latest after `timeout`.
  bool wait_for(Milliseconds timeout) const;
  /// `action` runs once: at request(), or now when that was before. It must not block.
  void on_request(std::function<void()> action);

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool requested_ = false;
  std::vector<std::function<void()>> actions_;
};

}  // namespace forebay
