// The MQTT sink against a real mosquitto, through the real client library; a scripted publisher for what no broker
// does.
#include "gateway/delivery/sinks/mqtt_sink.h"

#include <thread>

#include "sys/posix_process_runner.h"
#include "tests/unit/agent/source/broker.h"
#include "tests/unit/delivery/sinks/sink_rig.h"

namespace forebay::gateway::delivery {
namespace {

using agent::Broker;

Result<MqttPublishLibrary*> real_library() {
  FB_TRY(void* const library, load_module(kMqttOutModule, {}, "../gateway"));
  return static_cast<MqttPublishLibrary*>(library);
}

MqttSink::Parts parts(Result<MqttPublishLibrary*> (*library)() = real_library) {
  MqttSink::Parts parts;
  parts.library = library;
  parts.judge_host = [](const HostPort& host, bool) -> Result<std::string> { return host.host; };
  parts.password = []() -> Result<std::string> { return std::string(); };
  parts.client_id = "forebay-test";
  return parts;
}

class MqttOut : public ::testing::Test {
 protected:
  std::unique_ptr<MqttSink> sink(const Broker& broker, MqttSink::Parts with = parts()) {
    destination.url = "mqtt://127.0.0.1:" + std::to_string(broker.port());
    auto made = MqttSink::make(destination, test_source(), std::move(with));
    EXPECT_TRUE(made.ok());
    return std::move(made).value();
  }
  /// A subscription that the broker keeps; also waits until the broker answers.
  static void subscribe(const Broker& broker) {
    while (agent::run_program({"mosquitto_sub", "-h", "127.0.0.1", "-p", std::to_string(broker.port()), "-i", "reader",
                               "-c", "-q", "1", "-t", "#", "-E"}) != 0)
      std::this_thread::yield();
  }
  /// "topic payload" of so many messages.
  static std::vector<std::string> read(const Broker& broker, std::size_t count) {
    PosixProcessRunner runner;
    ProcessRequest request;
    request.command = {"/usr/bin/mosquitto_sub",
                       "-h",
                       "127.0.0.1",
                       "-p",
                       std::to_string(broker.port()),
                       "-i",
                       "reader",
                       "-c",
                       "-q",
                       "1",
                       "-t",
                       "#",
                       "-C",
                       std::to_string(count),
                       "-W",
                       "20",
                       "-F",
                       "%t %p"};
    request.timeout = Milliseconds(30'000);
    const auto result = runner.run(request);
    EXPECT_TRUE(result.ok());
    std::vector<std::string> lines;
    std::string text(as_text(result->output));
    for (std::size_t end = 0; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1))
      lines.push_back(text.substr(0, end));
    return lines;
  }
  MqttDestination destination{
      .url = {}, .topic = "out/{key}", .qos = 1, .user = {}, .password_file = {}, .ca_file = {}};
  Records records;
};

TEST_F(MqttOut, RecordsArriveInOrderUnderTheirTopics) {
  Broker broker("max_queued_messages 0\n");
  ASSERT_NO_FATAL_FAILURE(subscribe(broker));
  for (int i = 0; i < 1'200; ++i) records.add("k/" + std::to_string(i % 3), std::to_string(i));
  auto one = sink(broker);
  const auto outcome = one->deliver(records, test_attempt());
  EXPECT_EQ(outcome.settled, 1'200u) << outcome.error;
  const auto lines = read(broker, 1'200);
  ASSERT_EQ(lines.size(), 1'200u);
  for (int i = 0; i < 1'200; ++i)
    ASSERT_EQ(lines[static_cast<std::size_t>(i)], "out/k%2F" + std::to_string(i % 3) + " " + std::to_string(i));
}

TEST_F(MqttOut, QosZeroIsSettledWhenWritten) {
  Broker broker;
  ASSERT_NO_FATAL_FAILURE(subscribe(broker));
  destination.qos = 0;
  for (int i = 0; i < 10; ++i) records.add("k", std::to_string(i));
  EXPECT_EQ(sink(broker)->deliver(records, test_attempt()).settled, 10u);
}

TEST_F(MqttOut, BrokerThatIsAwayIsFoundAgainByAFreshConnection) {
  Broker broker;
  ASSERT_NO_FATAL_FAILURE(subscribe(broker));
  records.add("k", "one").add("k", "two");
  auto one = sink(broker);
  EXPECT_EQ(one->deliver(records.from(0).first(1), test_attempt()).settled, 1u);
  broker.stop();
  for (int attempt = 1; attempt < 4; ++attempt) {
    const auto outcome = one->deliver(records.from(1), test_attempt());
    EXPECT_EQ(outcome.settled, 0u);
    EXPECT_NE(outcome.error.find("127.0.0.1"), std::string::npos) << outcome.error;
  }
  ASSERT_NO_FATAL_FAILURE(broker.start());
  RecordSink::Outcome outcome;
  while ((outcome = one->deliver(records.from(1), test_attempt())).settled == 0) std::this_thread::yield();
  EXPECT_EQ(outcome.settled, 1u);
  EXPECT_EQ(read(broker, 2), (std::vector<std::string>{"out/k one", "out/k two"}));
}

TEST_F(MqttOut, PasswordIsReadForEachConnectionAndAWrongOneIsNamed) {
  test::TempDirectory folder;
  ASSERT_EQ(agent::run_program({"mosquitto_passwd", "-b", "-c", folder.file("users"), "writer", "right"}), 0);
  Broker broker("password_file " + folder.file("users") + "\n");
  destination.user = "writer";
  records.add("k", "one");
  MqttSink::Parts with = parts();
  std::string password = "wrong";
  with.password = [&]() -> Result<std::string> { return password; };
  auto one = sink(broker, std::move(with));
  RecordSink::Outcome outcome;
  while ((outcome = one->deliver(records, test_attempt())).error.find("permission") == std::string::npos) {
    ASSERT_EQ(outcome.settled, 0u);
    std::this_thread::yield();  // the broker is starting
  }
  password = "right";
  EXPECT_EQ(one->deliver(records, test_attempt()).settled, 1u);
}

TEST_F(MqttOut, TlsNeedsTheRightAuthorityAndTheRightName) {
  test::TempDirectory folder;
  const auto certificate = [&](const std::string& name, const char* address) {
    EXPECT_EQ(agent::run_program({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                                  "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=" + name,
                                  "-addext", std::string("subjectAltName=IP:") + address, "-keyout",
                                  folder.file(name + ".key"), "-out", folder.file(name + ".crt")}),
              0);
    return "certfile " + folder.file(name + ".crt") + "\nkeyfile " + folder.file(name + ".key") + "\n";
  };
  Broker good(certificate("good", "127.0.0.1"));
  Broker elsewhere(certificate("elsewhere", "192.0.2.1"));
  certificate("stranger", "127.0.0.1");
  records.add("k", "one");
  const auto deliver = [&](const Broker& broker, const char* authority) {
    destination.url = "mqtts://127.0.0.1:" + std::to_string(broker.port());
    destination.ca_file = folder.file(authority);
    auto made = MqttSink::make(destination, test_source(), parts());
    return (*made)->deliver(records, test_attempt());
  };
  while (deliver(good, "good.crt").settled == 0) std::this_thread::yield();  // the broker is starting
  EXPECT_EQ(deliver(good, "stranger.crt").settled, 0u);
  const auto wrong_name = deliver(elsewhere, "elsewhere.crt");
  EXPECT_EQ(wrong_name.settled, 0u);
  EXPECT_NE(wrong_name.error, "");
}

TEST_F(MqttOut, AddressThatIsNotAllowedIsNeverReached) {
  Broker broker;
  records.add("k", "one");
  MqttSink::Parts with = parts();
  with.judge_host = [](const HostPort&, bool) -> Result<std::string> {
    return Error{Errc::permission, "169.254.169.254 is not allowed"};
  };
  EXPECT_EQ(sink(broker, std::move(with))->deliver(records, test_attempt()).error,
            "permission: 169.254.169.254 is not allowed");
}

TEST_F(MqttOut, CancelledSinkDoesNotConnect) {
  Broker broker;
  records.add("k", "one");
  auto one = sink(broker);
  one->cancel();
  EXPECT_EQ(one->deliver(records, test_attempt()).error, "cancelled: stopped");
}

/// Acknowledges so many messages, then breaks.
struct BreakingLibrary final : MqttPublishLibrary {
  struct Publisher final : MqttPublisher {
    explicit Publisher(BreakingLibrary& library) : library_(library) {}
    [[nodiscard]] bool connected() const override { return true; }
    Outcome publish(std::span<const MqttPublication> messages, int, const std::atomic<bool>&) override {
      for (const auto& message : messages) library_.payloads.emplace_back(as_text(message.payload));
      if (messages.size() <= library_.acknowledge) return {messages.size(), {}};
      return {library_.acknowledge, Error{Errc::timed_out, "no acknowledgement"}};
    }
    BreakingLibrary& library_;
  };
  Result<std::unique_ptr<MqttPublisher>> connect(const MqttPublisherOptions&, const std::atomic<bool>&) override {
    ++connections;
    return std::unique_ptr<MqttPublisher>(std::make_unique<Publisher>(*this));
  }
  std::size_t acknowledge = 2;
  int connections = 0;
  std::vector<std::string> payloads;
};

TEST(MqttSink, WhatWasAcknowledgedIsSettledAndTheRestGoesOverAnotherConnection) {
  BreakingLibrary library;
  MqttSink::Parts with = parts();
  with.library = [&]() -> Result<MqttPublishLibrary*> { return &library; };
  auto sink = MqttSink::make(
      {.url = "mqtts://broker:8883", .topic = "t", .qos = 1, .user = {}, .password_file = {}, .ca_file = {}},
      test_source(), std::move(with));
  ASSERT_TRUE(sink.ok());
  Records records;
  records.add("k", "1").add("k", "2").add("k", "3").add("k", "4");
  const auto first = (*sink)->deliver(records, test_attempt());
  EXPECT_EQ(first.settled, 2u);
  EXPECT_EQ(first.error, "timed_out: no acknowledgement");
  EXPECT_EQ((*sink)->deliver(records.from(2), test_attempt(2)).settled, 2u);
  EXPECT_EQ(library.connections, 2);
  EXPECT_EQ(library.payloads, (std::vector<std::string>{"1", "2", "3", "4", "3", "4"}));
}

}  // namespace
}  // namespace forebay::gateway::delivery
