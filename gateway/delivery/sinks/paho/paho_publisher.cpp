// The module forebay-mqtt-out.so: the gateway's only file that knows Paho MQTT C++ (1.2 on C 1.3.12).
//
// Rules that keep it safe (Paho 1.3.12): a client object lives for one connection; tokens outlive the client, because a
// failed connect may call back twice; no persistence; no reconnecting; version 3.1.1 is set explicitly, which switches
// the second attempt with 3.1 off. A token may never complete once the connection is lost, so nothing waits for one
// alone.
#include <mqtt/async_client.h>

#include <algorithm>
#include <deque>

#include "gateway/delivery/sinks/mqtt_publisher.h"

namespace forebay::gateway::delivery {
namespace {

constexpr Milliseconds kSlice{50};
// Fewer than the message ids of a session, and no more than a broker's receive buffer takes at once.
constexpr std::size_t kUnderWayMax = 500;

std::string server_uri(const MqttPublisherOptions& options) {
  const bool address6 = options.host.find(':') != std::string::npos;
  return std::string(options.tls ? "ssl://" : "tcp://") + (address6 ? "[" + options.host + "]" : options.host) + ":" +
         std::to_string(options.port);
}

mqtt::create_options create_options() {
  mqtt::create_options create(MQTTVERSION_3_1_1);
  create.set_max_buffered_messages(static_cast<int>(2 * kUnderWayMax));  // also counts those that wait for their turn
  return create;
}

mqtt::connect_options connect_options(const MqttPublisherOptions& options) {
  mqtt::connect_options connect;
  connect.set_mqtt_version(MQTTVERSION_3_1_1);
  connect.set_clean_session(true);
  connect.set_automatic_reconnect(false);
  connect.set_max_inflight(static_cast<int>(kUnderWayMax));
  connect.set_keep_alive_interval(std::chrono::seconds(30));
  connect.set_connect_timeout(std::chrono::ceil<std::chrono::seconds>(options.connect_timeout));
  if (!options.user.empty()) connect.set_user_name(options.user);
  if (!options.password.empty()) connect.set_password(options.password);
  if (!options.tls) return connect;
  mqtt::ssl_options ssl;
  ssl.set_trust_store(options.ca_file.empty() ? "/etc/ssl/certs/ca-certificates.crt" : options.ca_file);
  ssl.set_enable_server_cert_auth(true);
  ssl.set_verify(true);  // the host name too
  connect.set_ssl(std::move(ssl));
  return connect;
}

class PahoPublisher final : public MqttPublisher {
 public:
  explicit PahoPublisher(const MqttPublisherOptions& options)
      : options_(options), client_(server_uri(options), options.client_id, create_options()) {}

  ~PahoPublisher() override {
    try {
      if (!client_.is_connected()) return;
      tokens_.push_back(client_.disconnect(std::chrono::milliseconds(500)));
      tokens_.back()->wait_for(std::chrono::seconds(2));
    } catch (const mqtt::exception&) {
      // Already down.
    }
  }

  Result<void> open(const std::atomic<bool>& cancelled) {
    try {
      tokens_.push_back(client_.connect(connect_options(options_)));
      for (Milliseconds waited{0}; waited < options_.connect_timeout + Milliseconds(2'000); waited += kSlice) {
        if (cancelled) return Error{Errc::cancelled, "stopped"};
        if (tokens_.back()->wait_for(kSlice)) return {};
      }
      return Error{Errc::timed_out, "no answer to the MQTT connect from " + server_uri(options_)};
    } catch (const mqtt::exception& error) {
      // 1 to 5 are the broker's own answers: protocol, client id, server, password, not authorised.
      const int code = error.get_reason_code() > 0 ? error.get_reason_code() : error.get_return_code();
      const bool refused = code == 1 || code == 2 || code == 4 || code == 5;
      return Error{refused ? Errc::permission : Errc::unavailable, server_uri(options_) + ": " + error.what()};
    }
  }

  [[nodiscard]] bool connected() const override { return client_.is_connected(); }

  Outcome publish(std::span<const MqttPublication> messages, int qos, const std::atomic<bool>& cancelled) override {
    Outcome outcome;
    Milliseconds left = options_.publish_timeout;
    try {
      for (std::size_t next = 0; outcome.acknowledged < messages.size();) {
        for (; next < messages.size() && next - outcome.acknowledged < kUnderWayMax; ++next)
          under_way_.push_back(client_.publish(messages[next].topic, messages[next].payload.data(),
                                               messages[next].payload.size(), qos, false));
        outcome.acknowledged += take_acknowledged(left);
        if (outcome.acknowledged == messages.size()) break;
        if (cancelled)
          outcome.error = Error{Errc::cancelled, "stopped"};
        else if (!client_.is_connected())
          outcome.error = Error{Errc::unavailable, "the broker closed the connection"};
        else if (left.count() <= 0)
          outcome.error = Error{Errc::timed_out, "no acknowledgement from the broker"};
        if (outcome.error) break;
      }
    } catch (const mqtt::exception& error) {
      outcome.error = Error{Errc::unavailable, error.what()};
    }
    if (outcome.error) outcome.error->context.insert(0, server_uri(options_) + ": ");
    return outcome;
  }

 private:
  /// Waits a little for the oldest message, then counts those done from the front.
  std::size_t take_acknowledged(Milliseconds& left) {
    std::size_t done = 0;
    if (!under_way_.front()->wait_for(kSlice)) left -= kSlice;
    while (!under_way_.empty() && under_way_.front()->is_complete()) {
      if (under_way_.front()->get_return_code() != MQTTASYNC_SUCCESS)
        throw mqtt::exception(under_way_.front()->get_return_code());
      under_way_.pop_front();
      ++done;
    }
    return done;
  }

  const MqttPublisherOptions options_;
  std::vector<mqtt::token_ptr> tokens_;  // destroyed after the client
  std::deque<mqtt::delivery_token_ptr> under_way_;
  mqtt::async_client client_;
};

class PahoPublishLibrary final : public MqttPublishLibrary {
 public:
  Result<std::unique_ptr<MqttPublisher>> connect(const MqttPublisherOptions& options,
                                                 const std::atomic<bool>& cancelled) override {
    try {
      auto publisher = std::make_unique<PahoPublisher>(options);
      FB_CHECK(publisher->open(cancelled));
      return std::unique_ptr<MqttPublisher>(std::move(publisher));
    } catch (const std::exception& error) {
      return Error{Errc::unavailable, error.what()};
    }
  }
};

}  // namespace
}  // namespace forebay::gateway::delivery

extern "C" __attribute__((visibility("default"))) void* forebay_mqtt_publish_library(unsigned version) {
  static forebay::gateway::delivery::PahoPublishLibrary library;
  forebay::gateway::delivery::MqttPublishLibrary* interface = &library;
  return version == forebay::gateway::delivery::kMqttOutModule.version ? interface : nullptr;
}
