// URLs of sinks: every kind, and errors that name the part.
#include "gateway/delivery/sinks/sink_url.h"

#include <gtest/gtest.h>

namespace forebay::gateway::delivery {
namespace {

template <class T>
T parsed(std::string_view url) {
  auto sink = parse_sink_url(url);
  if (!sink.ok()) ADD_FAILURE() << url << ": " << sink.error().to_string();
  if (!sink.ok() || !std::holds_alternative<T>(*sink)) return ADD_FAILURE() << url, T{};
  return std::get<T>(*sink);
}

void expect_error(std::string_view url, std::string_view part) {
  const auto sink = parse_sink_url(url);
  ASSERT_FALSE(sink.ok()) << url;
  EXPECT_EQ(sink.error().code, Errc::invalid_argument);
  EXPECT_NE(sink.error().context.find(part), std::string::npos) << url << ": " << sink.error().context;
}

TEST(SinkUrl, HttpIsFirehosesProtocolAndJsonlPlainLines) {
  const auto http = parsed<HttpDestination>("https://host.example/in?a=b%20c&x");
  EXPECT_EQ(http.url, "https://host.example/in?a=b%20c&x");
  EXPECT_FALSE(http.json_lines);
  EXPECT_EQ(parsed<HttpDestination>("http://[::1]:8080").url, "http://[::1]:8080/");
  const auto lines = parsed<HttpDestination>("jsonl+https://host.example:8443/in");
  EXPECT_EQ(lines.url, "https://host.example:8443/in");
  EXPECT_TRUE(lines.json_lines);
}

TEST(SinkUrl, FunctionParametersAreTakenOutOfTheQuery) {
  const auto plain = parsed<FunctionDestination>("function+https://f.example/run");
  EXPECT_EQ(plain.url, "https://f.example/run");
  EXPECT_EQ(plain.batch_size, 100u);
  EXPECT_EQ(plain.attempts_max, -1);
  const auto full = parsed<FunctionDestination>(
      "function+http://f.example/run?batch_size=7&code=a%2Fb&window=5&bisect=true&report_item_failures=true&attempts=3"
      "&max_age=60&parallel=10");
  EXPECT_EQ(full.url, "http://f.example/run?code=a%2Fb");
  EXPECT_EQ(full.batch_size, 7u);
  EXPECT_EQ(full.window_seconds, 5u);
  EXPECT_TRUE(full.bisect_on_error);
  EXPECT_TRUE(full.report_item_failures);
  EXPECT_EQ(full.attempts_max, 3);
  EXPECT_EQ(full.record_age_max_seconds, 60);
  EXPECT_EQ(full.parallel_per_shard, 10u);
}

TEST(SinkUrl, ExecHasAnAbsoluteProgramAndItsArgumentsInOrder) {
  const auto exec = parsed<FunctionDestination>("exec:/opt/fun%20ction?arg=-v&arg=a%26b&bisect=true&arg=");
  EXPECT_EQ(exec.command, (std::vector<std::string>{"/opt/fun ction", "-v", "a&b", ""}));
  EXPECT_EQ(exec.url, "");
  EXPECT_TRUE(exec.bisect_on_error);
  expect_error("exec:opt/function", "absolute path");
  expect_error("exec://host/opt/function", "absolute path");
  expect_error("exec:/opt/f?arg=%00", "NUL");
  expect_error("exec:/opt/f?args=x", "parameter args is unknown");
}

TEST(SinkUrl, MqttHasATopicTemplateAndAUser) {
  const auto plain = parsed<MqttDestination>("mqtt://broker/plant/{key}");
  EXPECT_EQ(plain.url, "mqtt://broker:1883");
  EXPECT_EQ(plain.topic, "plant/{key}");
  EXPECT_EQ(plain.qos, 1);
  const auto full =
      parsed<MqttDestination>("mqtts://[fd00::1]/%7Bshard%7D/x?qos=0&user=u&password_file=/run/pw&ca_file=/etc/ca.pem");
  EXPECT_EQ(full.url, "mqtts://[fd00::1]:8883");
  EXPECT_EQ(full.topic, "{shard}/x");
  EXPECT_EQ(full.qos, 0);
  EXPECT_EQ(full.user, "u");
  EXPECT_EQ(full.password_file, "/run/pw");
  EXPECT_EQ(full.ca_file, "/etc/ca.pem");
  expect_error("mqtt://broker", "topic");
  expect_error("mqtt://broker/a/%23", "wildcards");
  expect_error("mqtt://broker/t?qos=2", "qos");
  expect_error("mqtt://broker/t?password_file=/x", "needs user");
  expect_error("mqtt://broker/t?ca_file=/x", "mqtts");
  expect_error("mqtt://u:secret@broker/t", "without user");
}

TEST(SinkUrl, KinesisHasAStreamAndARegion) {
  const auto aws = parsed<KinesisDestination>("kinesis+https://kinesis.eu-west-1.amazonaws.com/readings");
  EXPECT_EQ(aws.url, "https://kinesis.eu-west-1.amazonaws.com");
  EXPECT_EQ(aws.region, "eu-west-1");
  EXPECT_EQ(aws.stream, "readings");
  EXPECT_TRUE(aws.order_per_key);
  const auto other = parsed<KinesisDestination>("kinesis+http://127.0.0.1:4566/r.1?region=us-east-1&order=none");
  EXPECT_EQ(other.url, "http://127.0.0.1:4566");
  EXPECT_EQ(other.region, "us-east-1");
  EXPECT_FALSE(other.order_per_key);
  EXPECT_EQ(parsed<KinesisDestination>("kinesis+https://gateway.example/r").region, "");
  EXPECT_EQ(parsed<KinesisDestination>("kinesis+https://kinesis-fips.us-gov-west-1.amazonaws.com/r").region,
            "us-gov-west-1");
  EXPECT_EQ(parsed<KinesisDestination>("kinesis+https://kinesis.eu-west-1.api.aws/r").region, "eu-west-1");
  expect_error("kinesis+https://host/", "name of a stream");
  expect_error("kinesis+https://host/a/b", "name of a stream");
  expect_error("kinesis+https://host/s?order=shard", "order");
}

TEST(SinkUrl, KafkaHasBrokersATopicAndSettings) {
  const auto kafka = parsed<KafkaDestination>("kafka://b1,b2:9094,[::1]:9/telemetry?acks=all&security.protocol=ssl");
  EXPECT_EQ(kafka.brokers, "b1:9092,b2:9094,[::1]:9");
  EXPECT_EQ(kafka.topic, "telemetry");
  EXPECT_EQ(kafka.settings.size(), 2u);
  expect_error("kafka://b1/", "topic");
  expect_error("kafka://b1,/t", "host");
  expect_error("kafka://b1:0/t", "port");
  expect_error("kafka://b1/t?acks=1", "acks");
  expect_error("kafka://b1/t?plugin.library.paths=/tmp/x.so", "plugin.library.paths is unknown");
  expect_error("kafka://b1/t?linger.ms=1&linger.ms=2", "twice");
}

TEST(SinkUrl, ErrorsNameThePart) {
  expect_error("ftp://host/x", "scheme");
  expect_error("nothing", "scheme");
  expect_error("", "scheme");
  expect_error("https://", "host");
  expect_error("https://ho st/", "percent-encoded");
  expect_error("https://user:secret@host/", "user");
  expect_error("https://host:99999/", "port");
  expect_error("https://host/#top", "fragment");
  expect_error("https://host/" + std::string(5000, 'a'), "longer");
  expect_error("function+https://host/?batch_size=0", "batch_size must be a number: 1 to 10000");
  expect_error("function+https://host/?max_age=59", "max_age must be a number: -1 or 60 to 604800");
  expect_error("function+https://host/?bisect=yes", "bisect must be true or false");
  expect_error("function+https://host/?window=1&window=2", "window is given twice");
  EXPECT_EQ(parse_sink_url("https://user:secret@host/").error().context.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace forebay::gateway::delivery
