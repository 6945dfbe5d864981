#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "gateway/delivery/definition.h"

namespace forebay::gateway::delivery {

/// Name of the setting that says which file holds sasl.password; the only one that is ours and not librdkafka's.
inline constexpr std::string_view kKafkaPasswordFile = "password_file";

/// Brokers, topic and the names of settings: only those that a destination may set, so that none loads code, reads
/// other files or gives up idempotence. Values are judged by librdkafka, but for times a call waits for, which are
/// bounded here. Errors  invalid_argument.
Result<void> check_kafka_destination(const KafkaDestination& destination);

/// Every setting of the producer: what the sink promises (idempotence, acks of all replicas, no gaps, lz4, the Java
/// clients' partitioner), then the destination's own.
std::vector<std::pair<std::string, std::string>> kafka_producer_settings(const KafkaDestination& destination,
                                                                         const std::string& password);

}  // namespace forebay::gateway::delivery
