#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/module_loader.h"
#include "base/result.h"
#include "base/units.h"

namespace forebay::gateway::delivery {

struct KafkaMessage {
  std::string_view key;
  ByteView value;
  WallTime time;
};

/// What became of one message.
struct KafkaReport {
  enum class Kind : std::uint8_t {
    stored,   ///< by all replicas
    failed,   ///< for a reason that may pass
    refused,  ///< because of what it is, or of what was in one batch with it
  };
  Kind kind = Kind::failed;
  std::string code;  ///< the error's name in Kafka
  std::string message;
};

/// An idempotent producer of one topic. Threads  one caller.
class KafkaProducer {
 public:
  virtual ~KafkaProducer() = default;
  /// Sends in order and waits until each message has its report: at most message.timeout.ms, or until `cancelled`.
  /// Success  a report for each message, in order.
  virtual std::vector<KafkaReport> send(std::span<const KafkaMessage> messages, const std::atomic<bool>& cancelled) = 0;
  /// False after an error that ends this producer for good: make another.
  [[nodiscard]] virtual bool usable() const = 0;
};

struct KafkaProducerOptions {
  std::vector<std::pair<std::string, std::string>> settings;
  std::string topic;
  /// Asked for each address before a connection to it: 4 or 16 bytes in network order. Empty: every address.
  std::function<bool(std::span<const std::uint8_t>)> address_allowed;
};

/// librdkafka, in a module of its own: a gateway without Kafka destinations never loads it.
class KafkaLibrary {
 public:
  virtual ~KafkaLibrary() = default;
  /// Success  the settings make a producer; nothing is connected. Errors  invalid_argument: names the setting.
  virtual Result<void> check(const KafkaProducerOptions& options) = 0;
  /// Errors  as check().
  virtual Result<std::unique_ptr<KafkaProducer>> make_producer(const KafkaProducerOptions& options) = 0;
};

inline const ModuleName kKafkaModule{"forebay-kafka.so", "forebay_kafka_library", "librdkafka1", 1};

}  // namespace forebay::gateway::delivery
