#include "gateway/delivery/engine/sleeper.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace forebay::gateway::delivery {

/// Keeps a timer in the list for as long as its sleeper's frame lives, also when the event loop ends under it.
class Sleeper::Bed {
 public:
  Bed(Sleeper& sleeper, boost::asio::steady_timer& timer) : sleeper_(sleeper), timer_(timer) {
    sleeper_.timers_.insert(&timer_);
  }
  ~Bed() { sleeper_.timers_.erase(&timer_); }
  Bed(const Bed&) = delete;
  Bed& operator=(const Bed&) = delete;

 private:
  Sleeper& sleeper_;
  boost::asio::steady_timer& timer_;
};

Task<void> Sleeper::sleep(Milliseconds time) {
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor, time);
  const Bed bed(*this, timer);
  constexpr auto token = boost::asio::as_tuple(boost::asio::use_awaitable);
  co_await timer.async_wait(token);
}

void Sleeper::wake_all() {
  for (boost::asio::steady_timer* timer : timers_) timer->cancel();
}

}  // namespace forebay::gateway::delivery
