// The Kafka sink: through the real client library against that library's mock cluster, and scripted producers.
#include "gateway/delivery/sinks/kafka_sink.h"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <map>

#include "gateway/delivery/sinks/kafka_settings.h"
#include "tests/unit/delivery/sinks/sink_rig.h"

namespace forebay::gateway::delivery {
namespace {

/// Brokers inside this process, on free loopback ports.
class MockCluster {
 public:
  MockCluster() {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, nullptr);
    handle_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0);
    cluster_ = rd_kafka_mock_cluster_new(handle_, 3);
    EXPECT_EQ(rd_kafka_mock_topic_create(cluster_, "out", 4, 3), RD_KAFKA_RESP_ERR_NO_ERROR);
  }
  ~MockCluster() {
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(handle_);
  }
  [[nodiscard]] std::string brokers() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }
  [[nodiscard]] rd_kafka_mock_cluster_t* get() const { return cluster_; }

  struct Read {
    std::string key;
    std::string value;
    std::int64_t time = 0;
  };
  /// Everything in the topic, by partition.
  [[nodiscard]] std::map<int, std::vector<Read>> read() const {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    const std::map<std::string, std::string> settings{{"bootstrap.servers", brokers()},
                                                      {"group.id", "reader"},
                                                      {"enable.partition.eof", "true"},
                                                      {"auto.offset.reset", "earliest"}};
    for (const auto& [name, value] : settings) rd_kafka_conf_set(conf, name.c_str(), value.c_str(), nullptr, 0);
    rd_kafka_t* consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, nullptr, 0);
    rd_kafka_topic_partition_list_t* partitions = rd_kafka_topic_partition_list_new(4);
    for (int i = 0; i < 4; ++i)
      rd_kafka_topic_partition_list_add(partitions, "out", i)->offset = RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_assign(consumer, partitions);
    rd_kafka_topic_partition_list_destroy(partitions);
    std::map<int, std::vector<Read>> all;
    for (int ended = 0; ended < 4;) {
      rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer, 1'000);
      if (message == nullptr) continue;
      if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
        ++ended;
      else if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
        all[message->partition].push_back({{static_cast<const char*>(message->key), message->key_len},
                                           {static_cast<const char*>(message->payload), message->len},
                                           rd_kafka_message_timestamp(message, nullptr)});
      rd_kafka_message_destroy(message);
    }
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
    return all;
  }

 private:
  rd_kafka_t* handle_ = nullptr;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
};

Result<KafkaLibrary*> real_library() {
  FB_TRY(void* const library, load_module(kKafkaModule, {}, "../gateway"));
  return static_cast<KafkaLibrary*>(library);
}

class Kafka : public ::testing::Test {
 protected:
  std::unique_ptr<KafkaSink> sink() {
    KafkaDestination destination{cluster.brokers(), "out", settings};
    EXPECT_TRUE(check_kafka_destination(destination).ok());
    KafkaSink::Parts parts;
    parts.library = real_library;
    parts.options = [this, destination]() -> Result<KafkaProducerOptions> {
      ++producers;
      auto options = KafkaProducerOptions{kafka_producer_settings(destination, ""), destination.topic, allowed};
      // The mock cluster keeps no sequence: it stores a request behind one it has failed, which no broker does and
      // which the library takes for the failed one's success too.
      options.settings.emplace_back("max.in.flight.requests.per.connection", "1");
      return options;
    };
    return std::make_unique<KafkaSink>(std::move(parts));
  }
  void numbers(int count, int keys) {
    for (int i = 0; i < count; ++i) records.add("key" + std::to_string(i % keys), std::to_string(i));
  }
  /// Every record under its key and in order, each key in one partition.
  void expect_all(int count, int keys, bool repeats = false) {
    std::map<std::string, int> last;
    std::map<std::string, int> partition_of;
    std::size_t found = 0;
    for (const auto& [partition, messages] : cluster.read())
      for (const auto& message : messages) {
        const int number = std::stoi(message.value);
        EXPECT_EQ(message.key, "key" + std::to_string(number % keys));
        EXPECT_EQ(partition_of.try_emplace(message.key, partition).first->second, partition);
        const auto [before, first] = last.try_emplace(message.key, number);
        if (!first && !repeats) {
          EXPECT_EQ(number, before->second + keys);
        }
        before->second = number;
        ++found;
      }
    EXPECT_GE(found, static_cast<std::size_t>(count));
    EXPECT_TRUE(repeats || found == static_cast<std::size_t>(count)) << found;
    EXPECT_EQ(last.size(), static_cast<std::size_t>(keys));
    for (const auto& [key, number] : last) EXPECT_GE(number, count - keys) << key;
  }

  MockCluster cluster;
  Records records;
  std::vector<std::pair<std::string, std::string>> settings{{"linger.ms", "0"}};
  std::function<bool(std::span<const std::uint8_t>)> allowed;
  int producers = 0;
};

TEST_F(Kafka, RecordsAreStoredUnderTheirKeysInOrder) {
  numbers(1'000, 13);
  auto one = sink();
  const auto outcome = one->deliver(records, test_attempt());
  EXPECT_EQ(outcome.settled, 1'000u) << outcome.error;
  EXPECT_EQ(producers, 1);
  expect_all(1'000, 13);
  EXPECT_EQ(cluster.read().begin()->second.front().time, 1'767'323'045'123);
}

TEST_F(Kafka, ErrorsOfBrokersThatPassAreRetriedWithinTheAttempt) {
  numbers(300, 5);
  auto one = sink();
  ASSERT_EQ(one->deliver(records.from(0).first(100), test_attempt()).settled, 100u);
  rd_kafka_mock_push_request_errors(cluster.get(), 0 /* Produce */, 3, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                                    RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS);
  const auto outcome = one->deliver(records.from(100), test_attempt());
  EXPECT_EQ(outcome.settled, 200u) << outcome.error;
  EXPECT_EQ(producers, 1);
  expect_all(300, 5);
}

TEST_F(Kafka, ClusterThatIsDownFailsTheAttemptAndAFreshProducerGoesOn) {
  settings = {{"linger.ms", "0"}, {"message.timeout.ms", "1000"}};
  numbers(40, 4);
  auto one = sink();
  ASSERT_EQ(one->deliver(records.from(0).first(20), test_attempt()).settled, 20u);
  for (int broker = 1; broker <= 3; ++broker) rd_kafka_mock_broker_set_down(cluster.get(), broker);
  const auto outcome = one->deliver(records.from(20), test_attempt());
  EXPECT_EQ(outcome.settled, 0u);
  EXPECT_FALSE(outcome.permanent);
  EXPECT_TRUE(outcome.error.starts_with("Kafka: ")) << outcome.error;
  for (int broker = 1; broker <= 3; ++broker) rd_kafka_mock_broker_set_up(cluster.get(), broker);
  std::size_t settled = 20;
  for (int attempt = 2; attempt < 30 && settled < 40; ++attempt)
    settled += one->deliver(records.from(settled), test_attempt()).settled;
  EXPECT_EQ(settled, 40u);
  EXPECT_GE(producers, 2);
  expect_all(40, 4, true);
}

TEST_F(Kafka, FatalErrorOfTheProducerIsAnsweredWithAnother) {
  numbers(20, 2);
  auto one = sink();
  ASSERT_EQ(one->deliver(records.from(0).first(10), test_attempt()).settled, 10u);
  rd_kafka_mock_push_request_errors(cluster.get(), 0 /* Produce */, 2, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER,
                                    RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER);
  std::size_t settled = 10;
  for (int attempt = 1; attempt < 10 && settled < 20; ++attempt)
    settled += one->deliver(records.from(settled), test_attempt()).settled;
  EXPECT_EQ(settled, 20u);
  EXPECT_GE(producers, 2);
  expect_all(20, 2, true);
}

TEST_F(Kafka, RecordThatIsTooLargeIsFoundAndFailsAlone) {
  settings.emplace_back("message.max.bytes", "2000");
  for (int i = 0; i < 10; ++i) records.add("key", i == 6 ? std::string(5'000, 'x') : std::to_string(i));
  auto one = sink();
  const auto first = one->deliver(records, test_attempt());
  EXPECT_LE(first.settled, 6u);
  EXPECT_NE(first.error.find("MSG_SIZE_TOO_LARGE"), std::string::npos) << first.error;
  const auto second = one->deliver(records.from(first.settled), test_attempt(2));
  EXPECT_EQ(first.settled + second.settled, 10u) << second.error;
  ASSERT_EQ(second.failures.size(), 1u);
  EXPECT_EQ(second.failures[0].index + first.settled, 6u);
  EXPECT_EQ(second.failures[0].code, "MSG_SIZE_TOO_LARGE");
}

TEST_F(Kafka, AddressThatIsNotAllowedIsNeverReached) {
  settings = {{"message.timeout.ms", "1000"}};
  numbers(1, 1);
  std::atomic<int> asked{0};
  allowed = [&](std::span<const std::uint8_t> address) {
    ++asked;
    EXPECT_TRUE(address.size() == 4 || address.size() == 16);
    return false;
  };
  auto one = sink();
  EXPECT_EQ(one->deliver(records, test_attempt()).settled, 0u);
  EXPECT_GE(asked, 1);
  EXPECT_TRUE(cluster.read().empty());
}

TEST_F(Kafka, SettingWithAWrongValueIsNamed) {
  settings = {{"retry.backoff.ms", "soon"}};
  numbers(1, 1);
  EXPECT_EQ(sink()->deliver(records, test_attempt()).error,
            "invalid_argument: Kafka setting retry.backoff.ms cannot have this value");
}

TEST_F(Kafka, CancelEndsAWaitingCall) {
  numbers(1, 1);
  allowed = [](std::span<const std::uint8_t>) { return false; };  // never gets through
  auto one = sink();
  one->cancel();
  EXPECT_EQ(one->deliver(records, test_attempt()).error, "cancelled: stopped");
}

TEST(KafkaSettings, TimesThatACallWaitsForAreBounded) {
  const auto problem = [](const std::string& name, const std::string& value) {
    const auto checked = check_kafka_destination({"b:9092", "t", {{name, value}}});
    return checked.ok() ? "" : Result<void>(checked).error().context;
  };
  EXPECT_EQ(problem("message.timeout.ms", "5000"), "");
  EXPECT_EQ(problem("linger.ms", "0"), "");
  // 0: no end at all.
  for (const char* value : {"0", "999", "900001", "5s", "", "-1"})
    EXPECT_EQ(problem("message.timeout.ms", value), "parameter message.timeout.ms must be a number: 1000 to 900000");
  EXPECT_EQ(problem("linger.ms", "1000"), "parameter linger.ms must be a number: 0 to 900");
}

TEST(KafkaSettings, PromisesStandLastSoThatNothingUndoesThem) {
  const auto settings =
      kafka_producer_settings({"b:9092", "t", {{"compression.type", "zstd"}, {"password_file", "/x"}}}, "pw");
  std::map<std::string, std::string> last;
  for (const auto& [name, value] : settings) last[name] = value;
  EXPECT_EQ(last["acks"], "all");
  EXPECT_EQ(last["enable.idempotence"], "true");
  EXPECT_EQ(last["compression.type"], "zstd");
  EXPECT_EQ(last["sasl.password"], "pw");
  EXPECT_FALSE(last.contains("password_file"));
}

}  // namespace
}  // namespace forebay::gateway::delivery
