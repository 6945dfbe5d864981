#pragma once

#include <functional>
#include <memory>

#include "gateway/delivery/definition.h"
#include "gateway/delivery/sinks/kafka_producer.h"
#include "gateway/delivery/sinks/record_fates.h"

namespace forebay::gateway::delivery {

/// Produces records to a Kafka topic under their partition keys, in order per key; settled is what all replicas have. A
/// producer that ended with a fatal error is replaced. A record that the broker refuses for what it is becomes a
/// failure: after such an answer records go one by one, until it is found.
class KafkaSink final : public RecordSink {
 public:
  static constexpr Limits kLimits{5'000, 8u << 20};

  struct Parts {
    std::function<Result<KafkaLibrary*>()> library;
    /// Asked before each new producer: a password may have been renewed.
    std::function<Result<KafkaProducerOptions>()> options;
  };

  explicit KafkaSink(Parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] Limits limits() const override { return kLimits; }
  Outcome deliver(std::span<const DeliveryRecord> records, const Attempt& attempt) override;
  void cancel() override { cancelled_ = true; }

 private:
  using Records = std::span<const DeliveryRecord* const>;
  /// Sends them together. Empty: all got through or failed alone; otherwise why not.
  std::string send(Records records);
  Result<void> make_producer();

  Parts parts_;
  std::unique_ptr<KafkaProducer> producer_;
  RecordFates fates_;
  bool one_by_one_ = false;
  std::atomic<bool> cancelled_{false};
};

}  // namespace forebay::gateway::delivery
