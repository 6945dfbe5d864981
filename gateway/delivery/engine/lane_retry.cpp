#include "gateway/delivery/engine/lane_retry.h"

namespace forebay::gateway::delivery {

Task<void> LaneRetry::pause(Error error) {
  lane_->report_failure(error);
  const Milliseconds wait = backoff_.next(lane_->services.dependencies.entropy->next_u64());
  if (!lane_->must_leave()) co_await lane_->delivery->sleeper().sleep(wait);
}

Task<bool> LaneRetry::make_durable(std::function<Result<void>()> change) {
  for (;;) {
    Result<void> done;
    auto call = [&] { done = lane_->services.checked(change()); };
    co_await lane_->services.pool.run(call);
    if (done) co_return true;
    const Error error = done.error();
    co_await pause(error);
    if (lane_->must_leave()) co_return false;
  }
}

}  // namespace forebay::gateway::delivery
