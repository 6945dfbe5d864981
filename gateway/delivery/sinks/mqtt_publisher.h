#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/module_loader.h"
#include "base/result.h"
#include "base/units.h"

namespace forebay::gateway::delivery {

struct MqttPublisherOptions {
  std::string host;  ///< a name, or an address without brackets
  std::uint16_t port = 1883;
  bool tls = false;
  std::string ca_file;  ///< PEM; empty: the system's certificates
  std::string user;
  std::string password;
  std::string client_id;
  Milliseconds connect_timeout{10'000};
  Milliseconds publish_timeout{30'000};  ///< of all messages of one publish()
};

struct MqttPublication {
  std::string topic;
  ByteView payload;  ///< borrowed until publish() returns
};

/// One connection to a broker, MQTT 3.1.1 with a clean session; its end is final. Destroying disconnects.
/// Threads  one caller.
class MqttPublisher {
 public:
  struct Outcome {
    std::size_t acknowledged = 0;  ///< so many from the front: by PUBACK, with QoS 0 written to the connection
    std::optional<Error> error;    ///< why not all; the connection is then of no more use
  };
  virtual ~MqttPublisher() = default;
  [[nodiscard]] virtual bool connected() const = 0;
  /// Publishes in order and waits for the acknowledgements, no longer than the timeout or until `cancelled`.
  virtual Outcome publish(std::span<const MqttPublication> messages, int qos, const std::atomic<bool>& cancelled) = 0;
};

/// The MQTT library, in a module of its own: a gateway without MQTT destinations never loads it.
class MqttPublishLibrary {
 public:
  virtual ~MqttPublishLibrary() = default;
  /// Errors  unavailable: no connection; permission: refused for good reason, which the text says; timed_out;
  /// cancelled.
  virtual Result<std::unique_ptr<MqttPublisher>> connect(const MqttPublisherOptions& options,
                                                         const std::atomic<bool>& cancelled) = 0;
};

inline const ModuleName kMqttOutModule{"forebay-mqtt-out.so", "forebay_mqtt_publish_library", "libpaho-mqttpp3-1", 1};

}  // namespace forebay::gateway::delivery
