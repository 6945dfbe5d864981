#include "base/stop.h"

#include <utility>

namespace forebay {

void Stop::request() {
  std::vector<std::function<void()>> actions;
  {
    std::lock_guard lock(mutex_);
    if (requested_) return;
    requested_ = true;
    actions = std::exchange(actions_, {});
    changed_.notify_all();
  }
  for (const auto& action : actions) action();
}

bool Stop::requested() const {
  std::lock_guard lock(mutex_);
  return requested_;
}

void Stop::wait() const {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return requested_; });
}

bool Stop::wait_for(Milliseconds timeout) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout, [this] { return requested_; });
}

void Stop::on_request(std::function<void()> action) {
  {
    std::lock_guard lock(mutex_);
    if (!requested_) {
      actions_.push_back(std::move(action));
      return;
    }
  }
  action();
}

}  // namespace forebay
