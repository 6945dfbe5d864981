#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"
#include "gateway/stream/stream_service.h"

/// Registered consumers of a stream. They live in the stream's attributes: key "consumer/NAME", value the second of
/// registration since 1970 in decimal. An attribute that is there is durable, so its consumer is ACTIVE.
namespace forebay::gateway::kinesis {

struct RegisteredConsumer {
  std::string name;
  WallTime created;      ///< whole seconds
  bool creating = false;  ///< its registration is on the way to the journal
  friend bool operator==(const RegisteredConsumer&, const RegisteredConsumer&) = default;
};

inline constexpr std::size_t kConsumersMax = 20;         ///< registered per stream
inline constexpr std::size_t kConsumersCreatingMax = 5;  ///< per account, at the same time

std::string consumer_key(std::string_view name);
/// What takes a consumer off the stream, with everything that was said about it (its policy and tags).
std::vector<stream::AttributeChange> removal_of(const stream::Stream& stream, std::string_view name);
/// All consumers, by name.
std::vector<RegisteredConsumer> consumers_of(const stream::Stream& stream);
/// Empty when no consumer of that name is registered.
std::optional<RegisteredConsumer> find_consumer(const stream::Stream& stream, std::string_view name);

}  // namespace forebay::gateway::kinesis
