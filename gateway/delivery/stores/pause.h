#pragma once

#include <condition_variable>
#include <mutex>

#include "base/units.h"

namespace forebay::gateway::delivery {

/// How blocking calls wait between attempts. Threads  any.
class Pause {
 public:
  virtual ~Pause() = default;
  /// False when it was cancelled, before or during.
  virtual bool wait(Milliseconds length) = 0;
  /// Ends running and all later waits.
  virtual void cancel() = 0;
};

class TimedPause final : public Pause {
 public:
  bool wait(Milliseconds length) override {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, length, [this] { return cancelled_; });
  }
  void cancel() override {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool cancelled_ = false;
};

}  // namespace forebay::gateway::delivery
