// The MQTT source against a real mosquitto, through the real client library.
#include "agent/source/mqtt_source.h"

#include <algorithm>
#include <thread>

#include "agent/source/mqtt_options.h"
#include "tests/unit/agent/source/broker.h"
#include "tests/unit/agent/source/fake_intake.h"
#include "tests/support/log_capture.h"
#include "tests/support/seeded_entropy.h"
#include "sys/system_clock.h"

namespace forebay::agent {
namespace {

using Lines = std::vector<std::string>;

class Mqtt : public ::testing::Test {
 protected:
  std::unique_ptr<MqttSource> source(const Broker& broker) {
    MqttSourceOptions options;
    options.name = "source 3 (mqtt)";
    options.device = "dev";
    options.stream = "mqtt";
    options.key = *KeyTemplate::compile("{topic[1]}");
    options.connect.host = "127.0.0.1";
    options.connect.port = broker.port();
    options.connect.client_id = "forebay-dev-mqtt";
    options.connect.topics = {"plant/#"};
    options.commit_timeout = commit_timeout;
    options.backoff = {Milliseconds(20), Milliseconds(100)};
    if (adjust) adjust(options);
    return std::make_unique<MqttSource>([] { return load_mqtt_library(); }, clock, entropy, Logger(log, "t"), options);
  }
  /// Publishes until one message has come: then the session exists.
  void wait_connected(const Broker& broker, const std::string& topic = "plant/first",
                      std::vector<std::string> more = {}) {
    for (int i = 0; i < 200 && intake.lines().empty(); ++i) {
      if (broker.publish(topic, "hello", more) != 0) std::this_thread::yield();
    }
    ASSERT_TRUE(intake.wait([](const Lines& lines, int) { return !lines.empty(); }));
  }
  static bool has(const Lines& lines, const std::string& line) {
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  }

  SystemClock clock;
  test::SeededEntropy entropy{7};
  test::LogCapture log;
  FakeIntake intake;
  Milliseconds commit_timeout{10'000};
  std::function<void(MqttSourceOptions&)> adjust;
};

TEST_F(Mqtt, MessagesBecomeRecordsWithTheirKeys) {
  Broker broker;
  auto source = this->source(broker);
  ASSERT_TRUE(source->start(intake, {}, false, nullptr).ok());
  ASSERT_NO_FATAL_FAILURE(wait_connected(broker));
  EXPECT_EQ(broker.publish("plant/press/temperature", "21.5"), 0);
  ASSERT_TRUE(intake.wait([](const Lines& lines, int) { return lines.back() == "21.5"; }));
  EXPECT_EQ(intake.keys().back(), "press");
  EXPECT_EQ(source->status().items.at(0).last_error, "");
  EXPECT_GE(source->status().items.at(0).records, 2u);
  source->stop();
}

TEST_F(Mqtt, MessageThatIsNotDurableInTimeIsNotAcknowledgedAndComesAgain) {
  commit_timeout = Milliseconds(200);
  Broker broker;
  auto source = this->source(broker);
  ASSERT_TRUE(source->start(intake, {}, false, nullptr).ok());
  ASSERT_NO_FATAL_FAILURE(wait_connected(broker));
  int before = 0;
  intake.wait([&](const Lines&, int waited) { return before = waited, true; });
  intake.hold(true);
  ASSERT_EQ(broker.publish("plant/a", "precious"), 0);
  // Given three times: each time the connection was cut without an acknowledgement.
  ASSERT_TRUE(intake.wait([&](const Lines&, int waited) { return waited >= before + 3; }));
  EXPECT_FALSE(has(intake.lines(), "precious"));
  intake.hold(false);
  EXPECT_TRUE(intake.wait([](const Lines& lines, int) { return has(lines, "precious"); }));
  EXPECT_GE(log.count("not durable in time"), 2u);
  source->stop();
}

TEST_F(Mqtt, MessageInHandWhenTheSourceEndsComesToTheNextOne) {
  commit_timeout = Milliseconds(200);
  Broker broker;
  auto first = source(broker);
  ASSERT_TRUE(first->start(intake, {}, false, nullptr).ok());
  ASSERT_NO_FATAL_FAILURE(wait_connected(broker));
  int before = 0;
  intake.wait([&](const Lines&, int waited) { return before = waited, true; });
  intake.hold(true);
  ASSERT_EQ(broker.publish("plant/a", "in hand"), 0);
  ASSERT_TRUE(intake.wait([&](const Lines&, int waited) { return waited > before; }));
  first->stop();
  ASSERT_EQ(broker.publish("plant/a", "while away"), 0);
  intake.hold(false);
  EXPECT_FALSE(has(intake.lines(), "in hand"));
  auto second = source(broker);
  ASSERT_TRUE(second->start(intake, {}, false, nullptr).ok());
  EXPECT_TRUE(intake.wait([](const Lines& lines, int) { return has(lines, "in hand") && has(lines, "while away"); }));
  second->stop();
}

TEST_F(Mqtt, BrokerRestartIsSurvivedAndQueuedMessagesArrive) {
  Broker broker;
  auto source = this->source(broker);
  ASSERT_TRUE(source->start(intake, {}, false, nullptr).ok());
  ASSERT_NO_FATAL_FAILURE(wait_connected(broker));
  for (int round = 0; round < 3; ++round) {
    broker.stop();
    broker.start();
    const std::string payload = "round " + std::to_string(round);
    for (int i = 0; i < 200 && broker.publish("plant/a", payload) != 0; ++i) {
    }
    ASSERT_TRUE(intake.wait([&](const Lines& lines, int) { return has(lines, payload); })) << round;
  }
  source->stop();
}

TEST_F(Mqtt, RetainedMessageIsNotRepeatedByAReconnect) {
  Broker broker;
  ASSERT_TRUE([&] {
    for (int i = 0; i < 200; ++i)
      if (broker.publish("plant/kept", "retained", {"-r"}) == 0) return true;
    return false;
  }());
  auto source = this->source(broker);
  ASSERT_TRUE(source->start(intake, {}, false, nullptr).ok());
  ASSERT_NO_FATAL_FAILURE(wait_connected(broker));
  broker.stop();
  broker.start();
  for (int i = 0; i < 200 && broker.publish("plant/a", "after") != 0; ++i) {
  }
  ASSERT_TRUE(intake.wait([](const Lines& lines, int) { return has(lines, "after"); }));
  const Lines lines = intake.lines();
  EXPECT_EQ(std::count(lines.begin(), lines.end(), "retained"), 1);
  source->stop();
}

TEST_F(Mqtt, TlsWithTheRightAuthorityAndPasswordWorksAndWithOthersIsRefused) {
  test::TempDirectory folder;
  for (const char* name : {"right", "wrong"})
    ASSERT_EQ(run_program({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                           "-nodes", "-days", "2", "-subj", std::string("/CN=") + name, "-addext",
                           "subjectAltName=IP:127.0.0.1", "-keyout", folder.file(std::string(name) + ".key"), "-out",
                           folder.file(std::string(name) + ".crt")}),
              0);
  ASSERT_EQ(run_program({"mosquitto_passwd", "-c", "-b", folder.file("users"), "me", "secret"}), 0);
  Broker broker("certfile " + folder.file("right.crt") + "\nkeyfile " + folder.file("right.key") + "\npassword_file " +
                folder.file("users") + "\n");
  std::string authority = "wrong.crt";
  std::string password = "secret";
  adjust = [&](MqttSourceOptions& options) {
    options.connect.tls = true;
    options.connect.ca_file = folder.file(authority);
    options.connect.user = "me";
    options.connect.password = password;
  };
  const auto failure_of = [&] {
    auto source = this->source(broker);
    EXPECT_TRUE(source->start(intake, {}, false, nullptr).ok());
    const SteadyTime end = clock.steady_now() + Milliseconds(20'000);
    while (source->status().items.at(0).last_error.empty() && clock.steady_now() < end) std::this_thread::yield();
    const std::string error = source->status().items.at(0).last_error;
    source->stop();
    return error;
  };
  EXPECT_NE(failure_of(), "");
  EXPECT_TRUE(intake.lines().empty());
  authority = "right.crt";
  password = "guess";
  for (int i = 0; i < 50 && log.count("refuses this client") == 0; ++i) failure_of();
  EXPECT_GE(log.count("refuses this client"), 1u);
  EXPECT_EQ(log.count("guess"), 0u);
  password = "secret";
  auto source = this->source(broker);
  ASSERT_TRUE(source->start(intake, {}, false, nullptr).ok());
  wait_connected(broker, "plant/tls", {"--cafile", folder.file("right.crt"), "-u", "me", "-P", "secret"});
  source->stop();
}

TEST_F(Mqtt, OnceIsRefused) {
  Broker broker;
  EXPECT_EQ(source(broker)->start(intake, {}, true, nullptr).error().code, Errc::invalid_argument);
}

TEST(MqttUrl, GivesHostPortAndTls) {
  MqttConnectOptions options;
  ASSERT_TRUE(parse_mqtt_url("mqtt://broker.example", options).ok());
  EXPECT_EQ(options.host + std::to_string(options.port) + (options.tls ? "s" : ""), "broker.example1883");
  ASSERT_TRUE(parse_mqtt_url("mqtts://[::1]:9999/", options).ok());
  EXPECT_EQ(options.host + " " + std::to_string(options.port) + (options.tls ? "s" : ""), "::1 9999s");
  for (const char* bad : {"", "broker:1883", "tcp://b:1", "mqtt://", "mqtt://b:", "mqtt://b:0", "mqtt://b:70000",
                          "mqtt://b:1x", "mqtt://u@b", "mqtt://b/x"})
    EXPECT_FALSE(parse_mqtt_url(bad, options).ok()) << bad;
}

}  // namespace
}  // namespace forebay::agent
