#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/file_system.h"
#include "base/log.h"
#include "gateway/delivery/engine/delivery_engine.h"
#include "gateway/delivery/sinks/sink_environment.h"
#include "gateway/delivery/stores/stores.h"
#include "gateway/delivery_front/delivery_front.h"
#include "gateway/delivery_options.h"
#include "gateway/firehose/firehose_front.h"
#include "gateway/gateway_metrics.h"
#include "gateway/http/event_loop.h"
#include "gateway/http/router.h"

namespace forebay::gateway {

/// What delivery is put together from; all outlive it.
struct DeliveryParts {
  FileSystem& files;
  Clock& clock;
  Entropy& entropy;
  GatewayMetrics& metrics;
  stream::StreamService& streams;
  Logger logger;
  std::string account;
  std::string region;  ///< empty: of the request's credential scope
  std::shared_ptr<const stream::KeyRing> keys;  ///< for encryption at rest
  std::function<void(const Error&)> fatal;
};

/// Buckets and sinks with the operator's endpoint, credentials and networks. They are made when the first delivery stream
/// needs them, so that a gateway without any needs no credentials.
class ConfiguredSinks final : public delivery::SinkFactory {
 public:
  ConfiguredSinks(const DeliveryOptions& options, const DeliveryParts& parts);
  Result<std::shared_ptr<delivery::ObjectStore>> object_store(const std::string& bucket) override;
  Result<std::unique_ptr<delivery::RecordSink>> record_sink(const delivery::RecordDestination& destination,
                                                            const delivery::SourceShard& source) override;
  /// Ends the calls of all stores.
  void cancel();

 private:
  Result<delivery::ObjectStores*> stores();
  Result<wire::aws::Credentials> kinesis_credentials();
  void kinesis_key_refused(const wire::aws::Credentials& key);

  const DeliveryOptions options_;
  const delivery::StoreWorld world_;
  delivery::AddressGuard guard_;
  delivery::SinkEnvironment environment_;
  std::mutex mutex_;
  std::unique_ptr<delivery::ObjectStores> stores_;
  bool cancelled_ = false;
};

/// Delivery of the gateway: the engine with what it works on, and the fronts that manage it.
/// Lifecycle  open() before the streams start, start() after, stop() before they stop; see DeliveryEngine.
class GatewayDelivery {
 public:
  static Result<std::unique_ptr<GatewayDelivery>> open(const DeliveryOptions& options, DeliveryParts parts,
                                                       const std::string& data);
  /// `loop` makes the delivery streams of the configuration.
  void start(http::EventLoop& loop);
  void stop();
  /// Adds the fronts of one event loop.
  void add_fronts(http::Router& router);

 private:
  GatewayDelivery(const DeliveryOptions& options, DeliveryParts parts);

  const DeliveryOptions options_;
  DeliveryParts parts_;
  ConfiguredSinks sinks_;
  std::unique_ptr<delivery::DeliveryEngine> engine_;
  std::unique_ptr<firehose::FirehoseServices> firehose_;
  std::unique_ptr<delivery_front::DeliveryFrontServices> front_;
};

}  // namespace forebay::gateway
