#pragma once

#include <boost/asio/steady_timer.hpp>
#include <set>

#include "base/task.h"
#include "base/units.h"

namespace forebay::gateway::delivery {

/// Waits that end early when somebody has news for the sleepers.
/// Threads  the event loop.
class Sleeper {
 public:
  /// Returns after `time` or at the next wake_all().
  Task<void> sleep(Milliseconds time);
  void wake_all();

 private:
  class Bed;
  std::set<boost::asio::steady_timer*> timers_;
};

}  // namespace forebay::gateway::delivery
