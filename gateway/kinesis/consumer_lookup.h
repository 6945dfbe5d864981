#pragma once

#include <optional>
#include <string>
#include <variant>

#include "gateway/kinesis/action.h"
#include "gateway/kinesis/consumer.h"
#include "wire/kinesis/shapes/consumer.h"

namespace forebay::gateway::kinesis {

/// A registered consumer with the snapshot of its stream.
struct FoundConsumer {
  stream::StreamPtr stream;
  RegisteredConsumer consumer;
};
using ConsumerOrFault = std::variant<FoundConsumer, wire::kinesis::Fault>;

/// The consumer an ARN means, also one that is being registered.
/// One of another account is found when its policy shares it; the call's account is the owner's from then on.
/// Fault  InvalidArgumentException, AccessDeniedException (asked for the consumer's ARN), ResourceNotFoundException.
ConsumerOrFault find_consumer(Call& call, std::string_view consumer_arn);
/// The consumer a request means by its ARN, or by its name and the stream's ARN; both must agree.
ConsumerOrFault find_consumer(Call& call, std::optional<std::string_view> stream_arn,
                              std::optional<std::string_view> consumer_name,
                              std::optional<std::string_view> consumer_arn);

/// Attribute of the stream that holds the consumer's policy.
std::string consumer_policy(std::string_view consumer_name);

/// All consumers of the stream, those being registered included, by name.
std::vector<RegisteredConsumer> all_consumers(const Call& call, const stream::Stream& stream);

std::string consumer_arn_of(const Call& call, const stream::Stream& stream, const RegisteredConsumer& consumer);
wire::kinesis::Consumer consumer_shape(const Call& call, const stream::Stream& stream,
                                       const RegisteredConsumer& consumer);
/// `consumer` is a name or an ARN, as the request has it.
wire::kinesis::Fault no_such_consumer(const Call& call, std::string_view consumer);
/// ResourceInUseException of a consumer that is not ACTIVE.
wire::kinesis::Fault consumer_not_active(const Call& call, const FoundConsumer& found);

}  // namespace forebay::gateway::kinesis
