#include "gateway/firehose/unserved_kinds.h"

namespace forebay::gateway::firehose {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

std::optional<Fault> refuse_unserved(const wire::firehose::UnservedDestinations& destinations) {
  const std::string_view kind = destinations.first();
  if (kind.empty()) return std::nullopt;
  return Fault{ErrorType::invalid_argument,
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

Fault refuse_encryption() {
  return {ErrorType::invalid_kms_resource,
          "No key is configured on this gateway to encrypt records of direct puts with, so nothing would be encrypted. "
          "Put them into a stream with encryption and deliver that (KinesisStreamAsSource), or encrypt the disk."};
}

Fault encryption_of_source() {
  return {ErrorType::invalid_argument,
          "The records of this delivery stream rest in its source stream; start or stop encryption there."};
}

}  // namespace forebay::gateway::firehose
