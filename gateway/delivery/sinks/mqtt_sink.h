#pragma once

#include <functional>
#include <memory>

#include "base/entropy.h"
#include "base/ip_address.h"
#include "gateway/delivery/definition.h"
#include "gateway/delivery/record_sink.h"
#include "gateway/delivery/sinks/host_port.h"
#include "gateway/delivery/sinks/mqtt_publisher.h"
#include "gateway/delivery/sinks/topic_template.h"

namespace forebay::gateway::delivery {

/// Publishes records to an MQTT broker in their order; settled is what the broker has acknowledged. A connection that
/// failed is never used again.
class MqttSink final : public RecordSink {
 public:
  static constexpr Limits kLimits{1'000, 4u << 20};

  struct Parts {
    std::function<Result<MqttPublishLibrary*>()> library;
    /// The host to connect to, after its addresses were judged. Errors  permission.
    std::function<Result<std::string>(const HostPort& host, bool tls)> judge_host;
    /// Read before each connection: it may have been renewed.
    std::function<Result<std::string>()> password;
    std::string client_id;
  };

  /// Errors  invalid_argument: URL or topic.
  static Result<std::unique_ptr<MqttSink>> make(MqttDestination destination, const SourceShard& source, Parts parts);

  [[nodiscard]] Limits limits() const override { return kLimits; }
  Outcome deliver(std::span<const DeliveryRecord> records, const Attempt& attempt) override;
  void cancel() override { cancelled_ = true; }

 private:
  MqttSink(MqttDestination destination, std::string shard_id, HostPort host, TopicTemplate topic, Parts parts)
      : destination_(std::move(destination)),
        shard_id_(std::move(shard_id)),
        host_(std::move(host)),
        topic_(std::move(topic)),
        parts_(std::move(parts)) {}
  Result<void> connect();

  MqttDestination destination_;
  std::string shard_id_;
  HostPort host_;
  TopicTemplate topic_;
  Parts parts_;
  std::unique_ptr<MqttPublisher> publisher_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace forebay::gateway::delivery
