#include "gateway/delivery/sinks/mqtt_sink.h"

#include "wire/kinesis/shard_id.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::string_view kPlain = "mqtt://";
constexpr std::string_view kTls = "mqtts://";

}  // namespace

Result<std::unique_ptr<MqttSink>> MqttSink::make(MqttDestination destination, const SourceShard& source, Parts parts) {
  const std::string_view url = destination.url;
  const bool tls = url.starts_with(kTls);
  if (!tls && !url.starts_with(kPlain))
    return Error{Errc::invalid_argument, "URL of the MQTT broker: must be mqtt://HOST:PORT or mqtts://HOST:PORT"};
  FB_TRY(HostPort host, parse_host_port(url.substr(tls ? kTls.size() : kPlain.size()), tls ? 8883 : 1883));
  FB_TRY(TopicTemplate topic, TopicTemplate::compile(destination.topic));
  std::string shard_id = wire::kinesis::to_shard_id(source.shard.value());
  return std::unique_ptr<MqttSink>(
      new MqttSink(std::move(destination), std::move(shard_id), std::move(host), std::move(topic), std::move(parts)));
}

Result<void> MqttSink::connect() {
  MqttPublisherOptions options;
  options.tls = destination_.url.starts_with(kTls);
  FB_TRY(options.host, parts_.judge_host(host_, options.tls));
  FB_TRY(options.password, parts_.password());
  options.port = host_.port;
  options.ca_file = destination_.ca_file;
  options.user = destination_.user;
  options.client_id = parts_.client_id;
  FB_TRY(MqttPublishLibrary* const library, parts_.library());
  FB_TRY(publisher_, library->connect(options, cancelled_));
  return {};
}

RecordSink::Outcome MqttSink::deliver(std::span<const DeliveryRecord> records, const Attempt&) {
  Outcome outcome;
  if (cancelled_) {
    outcome.error = "cancelled: stopped";
    return outcome;
  }
  if (publisher_ == nullptr || !publisher_->connected()) {
    publisher_.reset();
    if (const auto connected = connect(); !connected.ok()) {
      outcome.error = Result<void>(connected).error().to_string();
      return outcome;
    }
  }
  std::vector<MqttPublication> messages;
  messages.reserve(records.size());
  for (const DeliveryRecord& record : records)
    messages.push_back({topic_.expand(record.partition_key, shard_id_), record.data});
  const MqttPublisher::Outcome published = publisher_->publish(messages, destination_.qos, cancelled_);
  outcome.settled = published.acknowledged;
  if (!published.error) return outcome;
  outcome.error = published.error->to_string();
  publisher_.reset();
  return outcome;
}

}  // namespace forebay::gateway::delivery
