#pragma once

#include <functional>

#include "base/backoff.h"
#include "gateway/delivery/engine/lane.h"

namespace forebay::gateway::delivery {

/// What a lane does again until it succeeds: with growing waits, for ever, or until the lane has to leave.
/// Threads  the event loop.
class LaneRetry {
 public:
  explicit LaneRetry(std::shared_ptr<Lane> lane)
      : lane_(std::move(lane)), backoff_(lane_->services.options.store_backoff) {}

  /// Tells of the failure and waits.
  Task<void> pause(Error error);
  /// Runs a change of the database until it is durable. False: the lane has to leave, it is not.
  Task<bool> make_durable(std::function<Result<void>()> change);
  void succeeded() { backoff_.reset(); }

 private:
  std::shared_ptr<Lane> lane_;
  Backoff backoff_;
};

}  // namespace forebay::gateway::delivery
