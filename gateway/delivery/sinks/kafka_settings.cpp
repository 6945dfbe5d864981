#include "gateway/delivery/sinks/kafka_settings.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace forebay::gateway::delivery {
namespace {

constexpr std::array<std::string_view, 21> kAllowed = {"acks",
                                                       "batch.size",
                                                       "client.id",
                                                       "compression.level",
                                                       "compression.type",
                                                       "linger.ms",
                                                       "message.max.bytes",
                                                       "message.timeout.ms",
                                                       "partitioner",
                                                       "request.timeout.ms",
                                                       "retry.backoff.ms",
                                                       "sasl.mechanism",
                                                       "sasl.password",
                                                       "sasl.username",
                                                       "security.protocol",
                                                       "socket.keepalive.enable",
                                                       "socket.timeout.ms",
                                                       "ssl.ca.location",
                                                       "ssl.cipher.suites",
                                                       "topic.metadata.refresh.interval.ms",
                                                       kKafkaPasswordFile};

/// Narrower than librdkafka's own: with more, one call could wait for ever (0 means that there) or for days.
struct Range {
  std::string_view name;
  int min;
  int max;
};
constexpr std::array<Range, 2> kRanges = {{{"linger.ms", 0, 900}, {"message.timeout.ms", 1'000, 900'000}}};

Result<void> check_range(const std::string& name, const std::string& value) {
  const auto range = std::find_if(kRanges.begin(), kRanges.end(), [&](const Range& one) { return one.name == name; });
  if (range == kRanges.end()) return {};
  int number = 0;
  const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool whole = code == std::errc() && end == value.data() + value.size();
  if (whole && number >= range->min && number <= range->max) return {};
  return Error{Errc::invalid_argument, "parameter " + name + " must be a number: " + std::to_string(range->min) +
                                           " to " + std::to_string(range->max)};
}

bool is_topic_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

bool is_topic(std::string_view name) {
  return !name.empty() && name.size() <= 249 && name != "." && name != ".." &&
         std::all_of(name.begin(), name.end(), is_topic_char);
}

}  // namespace

Result<void> check_kafka_destination(const KafkaDestination& destination) {
  const auto wrong = [](std::string sentence) { return Error{Errc::invalid_argument, std::move(sentence)}; };
  if (destination.brokers.empty()) return wrong("brokers: at least one HOST:PORT must be named");
  if (!is_topic(destination.topic))
    return wrong("the topic must be 1 to 249 letters, digits, '.', '_' or '-' (kafka://HOST:PORT/TOPIC)");
  for (const auto& [name, value] : destination.settings) {
    if (std::find(kAllowed.begin(), kAllowed.end(), name) == kAllowed.end()) {
      std::string all;
      for (const std::string_view one : kAllowed) all.append(all.empty() ? "" : ", ").append(one);
      return wrong("parameter " + name + " is unknown; there are " + all);
    }
    if (name == "acks" && value != "all" && value != "-1")
      return wrong("parameter acks must be all: with less, acknowledged records can be lost");
    FB_CHECK(check_range(name, value));
    const auto same = [&](const auto& other) { return other.first == name; };
    if (std::count_if(destination.settings.begin(), destination.settings.end(), same) > 1)
      return wrong("parameter " + name + " is given twice");
  }
  return {};
}

std::vector<std::pair<std::string, std::string>> kafka_producer_settings(const KafkaDestination& destination,
                                                                         const std::string& password) {
  std::vector<std::pair<std::string, std::string>> out = {
      {"bootstrap.servers", destination.brokers},
      {"client.id", "forebay"},
      {"compression.type", "lz4"},
      {"linger.ms", "5"},
      {"message.max.bytes",
       "11000000"},  // our largest record and its frame; the topic's own limit is the broker's to say
      {"message.timeout.ms", "30000"},
      {"partitioner", "murmur2_random"},
      {"socket.keepalive.enable", "true"},
      {"log.connection.close", "false"},
  };
  for (const auto& setting : destination.settings)
    if (setting.first != kKafkaPasswordFile) out.push_back(setting);
  if (!password.empty()) out.emplace_back("sasl.password", password);
  // Behind the others: a record that fails may not be overtaken, so the producer stops instead of leaving a gap.
  out.insert(out.end(), {{"acks", "all"}, {"enable.idempotence", "true"}, {"enable.gapless.guarantee", "true"}});
  return out;
}

}  // namespace forebay::gateway::delivery
