#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/module_loader.h"
#include "base/result.h"
#include "base/units.h"

namespace forebay::agent {

struct MqttConnectOptions {
  std::string host;
  std::uint16_t port = 1883;
  bool tls = false;
  std::string ca_file;    ///< PEM; empty: the system's certificates
  std::string cert_file;  ///< PEM of this client, with its chain; empty: none
  std::string key_file;
  std::string user;
  std::string password;
  std::string client_id;
  std::vector<std::string> topics;
  int qos = 1;             ///< 0 or 1
  bool subscribe = true;   ///< also when the broker still has the session; false: only when it has lost it
  Milliseconds timeout{10'000};     ///< of connecting, and of subscribing
  Milliseconds keep_alive{60'000};
};

struct MqttMessage {
  std::string_view topic;
  ByteView payload;
  int qos = 0;
  bool repeated = false;  ///< the broker sent it before and may have got no answer
};

/// What a connection tells its owner, on a thread of the library.
class MqttEvents {
 public:
  virtual ~MqttEvents() = default;
  /// True: the message is safe; only then is it acknowledged. False: the connection is cut without acknowledging, and
  /// the broker sends the message again after the next connect.
  virtual bool message_arrived(const MqttMessage& message) = 0;
  virtual void connection_lost(std::string_view reason) = 0;
};

/// One connection with its subscriptions; its end is final. Destroy it from a thread of ours, never from an event.
/// Destroying disconnects; the broker keeps the session and what comes meanwhile.
class MqttConnection {
 public:
  virtual ~MqttConnection() = default;
};

/// MQTT 3.1.1 with a persistent session (clean session off). The implementation is a module of its own, so that an
/// agent without MQTT sources never loads the library it uses.
class MqttLibrary {
 public:
  virtual ~MqttLibrary() = default;
  /// Connects and subscribes; events may begin before it returns.
  /// Errors   unavailable: no connection; permission: refused for good reason, the context says which; timed_out.
  virtual Result<std::unique_ptr<MqttConnection>> connect(const MqttConnectOptions& options, MqttEvents& events) = 0;
};

inline const ModuleName kMqttModule{"forebay-mqtt.so", "forebay_mqtt_library", "libpaho-mqttpp3-1", 1};

/// Loads the module from one of the folders, or from the usual ones when none is given. Errors   as load_module().
Result<MqttLibrary*> load_mqtt_library(const std::vector<std::string>& folders = {});

}  // namespace forebay::agent
