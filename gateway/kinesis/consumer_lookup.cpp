#include "gateway/kinesis/consumer_lookup.h"

#include <algorithm>

#include "gateway/kinesis/access.h"
#include "gateway/kinesis/consumer_arn.h"
#include "gateway/kinesis/sequence.h"
#include "gateway/kinesis/stream_lookup.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
std::optional<RegisteredConsumer> consumer_named(const Call& call, const stream::Stream& stream,
                                                 std::string_view name) {
  if (auto registered = find_consumer(stream, name)) return registered;
  for (RegisteredConsumer& pending : call.services.fan_out->pending.of(stream.id))
    if (pending.name == name) return std::move(pending);
  return std::nullopt;
}
}  // namespace

ConsumerOrFault find_consumer(Call& call, std::string_view consumer_arn) {
  const auto arn = parse_consumer_arn(consumer_arn);
  if (!arn)
    return Fault{ErrorType::invalid_argument,
                 "ConsumerARN " + std::string(consumer_arn) + " is not the ARN of a consumer."};
  FoundConsumer found;
  const std::string policy = consumer_policy(arn->name);
  // Policies are asked about the ARN as this gateway writes it: the text of a request may name the region otherwise.
  ConsumerArn own = *arn;
  own.region = call.region;
  const std::string own_arn = to_string(own);
  if (arn->account != caller_account(call)) {
    found.stream = call.services.streams.find(arn->account, arn->stream);
    // What is not shared does not exist for this tenant.
    if (!found.stream || !is_shared_with_caller(call, *found.stream, policy, own_arn))
      return no_such_consumer(call, consumer_arn);
    call.account = std::string(arn->account);
  }
  if (auto fault = refuse_resource(call, own_arn)) return *std::move(fault);
  found.stream = call.services.streams.find(call.account, arn->stream);
  if (!found.stream) return no_such_stream(call, arn->stream);
  if (auto fault = refuse_by_policy(call, *found.stream, policy, own_arn)) return *std::move(fault);
  auto consumer = consumer_named(call, *found.stream, arn->name);
  if (!consumer || epoch_seconds(consumer->created) != arn->created_s) return no_such_consumer(call, consumer_arn);
  found.consumer = *std::move(consumer);
  return found;
}

ConsumerOrFault find_consumer(Call& call, std::optional<std::string_view> stream_arn,
                              std::optional<std::string_view> consumer_name,
                              std::optional<std::string_view> consumer_arn) {
  if (!consumer_arn && !(stream_arn && consumer_name))
    return Fault{ErrorType::invalid_argument,
                 "Either ConsumerARN or both StreamARN and ConsumerName should be provided."};
  if (consumer_arn) {
    const auto arn = parse_consumer_arn(*consumer_arn);
    const bool same_stream = !stream_arn || (arn && consumer_arn->starts_with(std::string(*stream_arn) + "/consumer/"));
    const bool same_name = !consumer_name || (arn && arn->name == *consumer_name);
    if (arn && (!same_stream || !same_name))
      return Fault{ErrorType::invalid_argument, "ConsumerARN " + std::string(*consumer_arn) +
                                                    " does not agree with the StreamARN and ConsumerName given."};
    return find_consumer(call, *consumer_arn);
  }
  auto stream = find_stream(call, std::nullopt, stream_arn);
  if (auto* fault = std::get_if<Fault>(&stream)) return std::move(*fault);
  FoundConsumer found;
  found.stream = std::get<stream::StreamPtr>(std::move(stream));
  auto consumer = consumer_named(call, *found.stream, *consumer_name);
  if (!consumer) return no_such_consumer(call, *consumer_name);
  const std::string own_arn = consumer_arn_of(call, *found.stream, *consumer);
  if (auto fault = refuse_resource(call, own_arn)) return *std::move(fault);
  if (auto fault = refuse_by_policy(call, *found.stream, consumer_policy(*consumer_name), own_arn))
    return *std::move(fault);
  found.consumer = *std::move(consumer);
  return found;
}

std::string consumer_policy(std::string_view consumer_name) { return "policy/" + consumer_key(consumer_name); }

std::vector<RegisteredConsumer> all_consumers(const Call& call, const stream::Stream& stream) {
  std::vector<RegisteredConsumer> consumers = consumers_of(stream);
  for (RegisteredConsumer& pending : call.services.fan_out->pending.of(stream.id)) {
    const auto at = std::lower_bound(consumers.begin(), consumers.end(), pending.name,
                                     [](const auto& consumer, const auto& name) { return consumer.name < name; });
    // Durable meanwhile: the attribute counts.
    if (at == consumers.end() || at->name != pending.name) consumers.insert(at, std::move(pending));
  }
  return consumers;
}

std::string consumer_arn_of(const Call& call, const stream::Stream& stream, const RegisteredConsumer& consumer) {
  ConsumerArn arn;
  arn.region = call.region;
  arn.account = call.account;
  arn.stream = stream.name;
  arn.name = consumer.name;
  arn.created_s = epoch_seconds(consumer.created);
  return to_string(arn);
}

wire::kinesis::Consumer consumer_shape(const Call& call, const stream::Stream& stream,
                                       const RegisteredConsumer& consumer) {
  wire::kinesis::Consumer shape;
  shape.consumer_name = consumer.name;
  shape.consumer_arn = consumer_arn_of(call, stream, consumer);
  shape.consumer_status = consumer.creating ? "CREATING" : "ACTIVE";
  shape.consumer_creation_timestamp = consumer.created;
  return shape;
}

Fault no_such_consumer(const Call& call, std::string_view consumer) {
  return {ErrorType::resource_not_found,
          "Consumer " + std::string(consumer) + ", account " + call.account + " not found."};
}

Fault consumer_not_active(const Call& call, const FoundConsumer& found) {
  return {ErrorType::resource_in_use, "Consumer " + found.consumer.name + " with creation timestamp " +
                                          std::to_string(epoch_seconds(found.consumer.created)) +
                                          " under stream: " + found.stream->name + " , account " + call.account +
                                          " is not in ACTIVE status."};
}

}  // namespace forebay::gateway::kinesis
