#include "gateway/firehose/unserved_kinds.h"

namespace forebay::gateway::firehose {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

std::optional<Fault> refuse_unserved(const wire::firehose::UnservedDestinations& destinations) {
  const std::string_view kind = destinations.first();
  if (kind.empty()) return std::nullopt;
  return Fault{
      ErrorType::invalid_argument,
      "Destinations of kind " + std::string(kind) +
          " are not served by this gateway. It delivers to buckets (ExtendedS3DestinationConfiguration) and to "
          "HTTP endpoints, functions, MQTT, Kinesis and Kafka (HttpEndpointDestinationConfiguration, by the "
          "scheme of its Url)."};
}

Fault refuse_source_kind(std::string_view kind) {
  return {ErrorType::invalid_argument, "Sources of kind " + std::string(kind) +
                                           " are not served by this gateway. DeliveryStreamType must be DirectPut or "
                                           "KinesisStreamAsSource."};
}

}  // namespace forebay::gateway::firehose
