#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/database.h"
#include "base/entropy.h"
#include "base/log.h"
#include "base/metrics.h"
#include "gateway/delivery/delivery_service.h"
#include "gateway/delivery/engine/engine_options.h"
#include "gateway/delivery/object_builder.h"
#include "gateway/delivery/sinks.h"
#include "gateway/stream/stream_service.h"

namespace forebay::gateway::delivery {

/// What the engine works with; all outlive it.
struct EngineDependencies {
  stream::StreamService* streams = nullptr;
  SinkFactory* sinks = nullptr;
  Clock* clock = nullptr;
  Entropy* entropy = nullptr;
  MetricsRegistry* metrics = nullptr;
  std::function<Result<std::unique_ptr<Database>>(const std::string& path)> open_database;
  /// The definition in a stored document. Threads  any. Errors  invalid_argument, unsupported: that delivery stream
  /// stands still with the error in its status until it is updated.
  std::function<Result<DeliveryDefinition>(const DeliveryInfo&)> compile;
  std::function<Result<std::unique_ptr<ObjectBuilder>>(const Processing&, const ObjectDestination&)> make_builder =
      make_object_builder;
  std::string region;  ///< for ARNs
  /// After a failed sync of the engine's database: the process must exit with code 74. Threads  any.
  std::function<void(const Error&)> fatal;
};

/// Delivery streams at work: a coroutine per lane (shard of a source stream) on one thread, blocking calls in a pool.
/// Exactly once by the manifest for objects (D1-D7), at least once for record sinks.
/// Lifecycle  open() reads `<data>/delivery.db` and sets what retention waits for: call it before the stream service is
///            started. start() after it was. stop() before the stream service is stopped: running puts finish, at most
///            stop_timeout; cuts stay logged. Destroy it after the stream service was stopped and before that one is
///            destroyed.
/// Threads    open(), start(), stop(): the composition's. The rest as DeliveryService says.
class DeliveryEngine final : public DeliveryService {
 public:
  static Result<std::unique_ptr<DeliveryEngine>> open(EngineDependencies dependencies, const std::string& data,
                                                      const EngineOptions& options, Logger logger);
  ~DeliveryEngine() override;
  DeliveryEngine(const DeliveryEngine&) = delete;
  DeliveryEngine& operator=(const DeliveryEngine&) = delete;

  void start();
  void stop();

  [[nodiscard]] std::optional<DeliveryInfo> find(std::string_view account, std::string_view name) const override;
  [[nodiscard]] std::vector<DeliveryInfo> list(std::string_view account, std::string_view after,
                                               std::size_t limit) const override;
  [[nodiscard]] DeliveryStatus status(std::string_view account, std::string_view name) const override;
  Task<Result<DeliveryInfo>> create(DeliveryInfo info, DeliveryDefinition definition) override;
  Task<Result<DeliveryInfo>> update(std::string account, std::string name, std::uint64_t version, std::string document,
                                    DeliveryDefinition definition) override;
  Task<Result<DeliveryInfo>> annotate(std::string account, std::string name, std::string document) override;
  Task<Result<void>> remove(std::string account, std::string name) override;
  Task<Result<DeliveryInfo>> set_paused(std::string account, std::string name, bool paused) override;
  Task<Result<std::string>> replay(std::string account, std::string name, ReplayRequest request) override;
  [[nodiscard]] std::vector<ReplayStatus> replays(std::string_view account, std::string_view name) const override;
  Task<Result<void>> cancel_replay(std::string account, std::string name, std::string id) override;

 private:
  struct State;
  explicit DeliveryEngine(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace forebay::gateway::delivery
