#pragma once

#include <atomic>

#include "gateway/delivery/engine/delivery_engine.h"
#include "gateway/delivery/engine/delivery_metrics.h"
#include "gateway/delivery/engine/delivery_store.h"
#include "gateway/delivery/engine/holds.h"
#include "gateway/delivery/engine/memory_budget.h"
#include "gateway/delivery/engine/sender_pool.h"
#include "gateway/delivery/engine/worker_pool.h"

namespace forebay::gateway::delivery {

/// What all delivery streams of an engine share.
struct EngineServices {
  EngineServices(EngineDependencies d, const EngineOptions& o, std::unique_ptr<DeliveryStore> s, Logger l)
      : dependencies(std::move(d)),
        options(o),
        logger(l),
        metrics(*dependencies.metrics),
        store(std::move(s)),
        holds(o.when_behind == WhenBehind::wait),
        budget(o.buffer_bytes_max, metrics.buffer_bytes),
        pool(o.workers),
        senders(o.senders) {}

  [[nodiscard]] stream::StreamService& streams() const { return *dependencies.streams; }
  [[nodiscard]] Clock& clock() const { return *dependencies.clock; }
  /// A failed sync of the database ends the process; anything else is told to the caller.
  Result<void> checked(Result<void> done) const {
    if (!done && done.error().code == Errc::io && dependencies.fatal) dependencies.fatal(done.error());
    return done;
  }

  EngineDependencies dependencies;
  const EngineOptions options;
  Logger logger;
  DeliveryMetrics metrics;
  std::unique_ptr<DeliveryStore> store;
  Holds holds;
  MemoryBudget budget;  ///< event loop
  WorkerPool pool;      ///< for work and the database
  SenderPool senders;   ///< for calls that wait for somebody else
  /// Of definitions that are checked before there is a delivery stream.
  const SenderPool::SharePtr checks = std::make_shared<SenderPool::Share>(options.senders_per_delivery);
  std::atomic<bool> stopping{false};
};

}  // namespace forebay::gateway::delivery
