#include "gateway/kinesis/resource.h"

#include "gateway/kinesis/consumer_arn.h"
#include "gateway/kinesis/consumer_lookup.h"
#include "gateway/kinesis/stream_lookup.h"
#include "gateway/kinesis/tags.h"
#include "wire/kinesis/arn.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

ResourceOrFault find_resource(Call& call, std::string_view arn) {
  Resource resource;
  if (parse_consumer_arn(arn)) {
    ConsumerOrFault found = find_consumer(call, arn);
    if (auto* fault = std::get_if<Fault>(&found)) return std::move(*fault);
    auto& consumer = std::get<FoundConsumer>(found);
    resource.stream = std::move(consumer.stream);
    resource.tags = consumer_tags(consumer.consumer.name);
    resource.consumer = consumer_key(consumer.consumer.name);
    resource.policy = consumer_policy(consumer.consumer.name);
    return resource;
  }
  if (!wire::kinesis::parse_stream_arn(arn))
    return Fault{ErrorType::invalid_argument,
                 "ResourceARN " + std::string(arn) + " is not the ARN of a stream or of a registered consumer."};
  StreamOrFault found = find_stream(call, std::nullopt, arn);
  if (auto* fault = std::get_if<Fault>(&found)) return std::move(*fault);
  resource.stream = std::get<stream::StreamPtr>(std::move(found));
  resource.tags = kStreamTags;
  resource.policy = kPolicyAttribute;
  return resource;
}

}  // namespace forebay::gateway::kinesis
