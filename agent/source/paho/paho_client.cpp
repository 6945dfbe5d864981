// The module forebay-mqtt.so: the only file that knows Paho MQTT C++ (1.2 on C 1.3.12).
//
// Rules that keep it safe (Paho 1.3.12): a client object lives for one connection attempt; callbacks are set before
// connecting; tokens outlive the client, because a failed connect may call back twice; no persistence; version 3.1.1 is
// set explicitly, which switches the second attempt with 3.1 off; start_consuming is never used, because then the
// PUBACK leaves before the message is safe. Otherwise the PUBACK leaves when message_arrived returns, whatever it
// returns: the only way not to acknowledge is that the socket is dead by then.
#include <dirent.h>
#include <mqtt/async_client.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <charconv>
#include <cstdlib>

#include "agent/source/mqtt_library.h"

namespace forebay::agent {
namespace {

// Paho does not tell its socket. Cutting another connection of this process to the same port makes that one reconnect.
void cut_connections_to(std::uint16_t port) {
  DIR* directory = ::opendir("/proc/self/fd");
  if (directory == nullptr) return;
  while (const dirent* entry = ::readdir(directory)) {
    int fd = -1;
    const std::string_view name = entry->d_name;
    if (std::from_chars(name.data(), name.data() + name.size(), fd).ec != std::errc()) continue;
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0) continue;
    const in_port_t peer_port = peer.ss_family == AF_INET    ? reinterpret_cast<sockaddr_in&>(peer).sin_port
                                : peer.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(peer).sin6_port
                                                             : 0;
    if (peer_port != 0 && ntohs(peer_port) == port) ::shutdown(fd, SHUT_RDWR);
  }
  ::closedir(directory);
}

std::string server_uri(const MqttConnectOptions& options) {
  const bool address6 = options.host.find(':') != std::string::npos;
  return std::string(options.tls ? "ssl://" : "tcp://") + (address6 ? "[" + options.host + "]" : options.host) + ":" +
         std::to_string(options.port);
}

mqtt::connect_options connect_options(const MqttConnectOptions& options) {
  mqtt::connect_options connect;
  connect.set_mqtt_version(MQTTVERSION_3_1_1);
  connect.set_clean_session(false);
  connect.set_automatic_reconnect(false);
  connect.set_keep_alive_interval(std::chrono::duration_cast<std::chrono::seconds>(options.keep_alive));
  connect.set_connect_timeout(std::chrono::ceil<std::chrono::seconds>(options.timeout));
  if (!options.user.empty()) connect.set_user_name(options.user);
  if (!options.password.empty()) connect.set_password(options.password);
  if (!options.tls) return connect;
  mqtt::ssl_options ssl;
  ssl.set_trust_store(options.ca_file.empty() ? "/etc/ssl/certs/ca-certificates.crt" : options.ca_file);
  if (!options.cert_file.empty()) ssl.set_key_store(options.cert_file);
  if (!options.key_file.empty()) ssl.set_private_key(options.key_file);
  ssl.set_enable_server_cert_auth(true);
  ssl.set_verify(true);  // the host name too
  connect.set_ssl(std::move(ssl));
  return connect;
}

class PahoConnection final : public MqttConnection, private mqtt::callback {
 public:
  PahoConnection(const MqttConnectOptions& options, MqttEvents& events)
      : options_(options), events_(events), client_(server_uri(options), options.client_id) {
    client_.set_callback(*this);
  }

  ~PahoConnection() override {
    try {
      if (client_.is_connected()) {
        tokens_.push_back(client_.disconnect(std::chrono::milliseconds(500)));
        tokens_.back()->wait_for(std::chrono::seconds(2));
      }
    } catch (const mqtt::exception&) {
      // Already down: the session is the broker's.
    }
  }

  Result<void> open() {
    try {
      tokens_.push_back(client_.connect(connect_options(options_)));
      if (!tokens_.back()->wait_for(options_.timeout + Milliseconds(2'000)))
        return Error{Errc::timed_out, "no answer to the MQTT connect"};
      const auto connack = tokens_.back()->get_connect_response();
      if (!options_.subscribe && connack.is_session_present()) return {};
      return subscribe();
    } catch (const mqtt::exception& error) {
      // 1 to 5 are the broker's own answers: protocol, client id, server, password, not authorised.
      const int code = error.get_reason_code() > 0 ? error.get_reason_code() : error.get_return_code();
      const bool refused = code == 1 || code == 2 || code == 4 || code == 5;
      return Error{refused ? Errc::permission : Errc::unavailable, error.what()};
    }
  }

 private:
  Result<void> subscribe() {
    for (const std::string& topic : options_.topics) {
      tokens_.push_back(client_.subscribe(topic, options_.qos));
      if (!tokens_.back()->wait_for(options_.timeout))
        return Error{Errc::timed_out, "no answer to subscribing to " + topic};
    }
    return {};
  }

  void message_arrived(mqtt::const_message_ptr message) override {
    const std::string& payload = message->get_payload();
    const MqttMessage arrived{message->get_topic(), as_bytes(payload), message->get_qos(), message->is_duplicate()};
    if (!events_.message_arrived(arrived)) cut_connections_to(options_.port);
  }
  void connection_lost(const std::string& cause) override { events_.connection_lost(cause); }

  const MqttConnectOptions options_;
  MqttEvents& events_;
  std::vector<mqtt::token_ptr> tokens_;  // destroyed after the client
  mqtt::async_client client_;
};

class PahoLibrary final : public MqttLibrary {
 public:
  Result<std::unique_ptr<MqttConnection>> connect(const MqttConnectOptions& options, MqttEvents& events) override {
    try {
      auto connection = std::make_unique<PahoConnection>(options, events);
      FB_CHECK(connection->open());
      return std::unique_ptr<MqttConnection>(std::move(connection));
    } catch (const std::exception& error) {
      return Error{Errc::unavailable, error.what()};
    }
  }
};

}  // namespace
}  // namespace forebay::agent

extern "C" __attribute__((visibility("default"))) void* forebay_mqtt_library(unsigned version) {
  static forebay::agent::PahoLibrary library;
  forebay::agent::MqttLibrary* interface = &library;
  return version == forebay::agent::kMqttModule.version ? interface : nullptr;
}
