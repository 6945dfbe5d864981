#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "gateway/kinesis/action.h"

namespace forebay::gateway::kinesis {

using StreamOrFault = std::variant<stream::StreamPtr, wire::kinesis::Fault>;

/// Name of the stream a request means, by name or ARN; both must agree.
/// Fault  InvalidArgumentException: neither, an unreadable ARN, or two different streams.
std::variant<std::string, wire::kinesis::Fault> stream_name_of(std::optional<std::string_view> name,
                                                               std::optional<std::string_view> arn);

/// The stream of that name, if the calling key may run this call on it.
/// Fault  AccessDeniedException (whether it exists or not), ResourceNotFoundException.
StreamOrFault find_stream(const Call& call, std::string_view name);

/// The stream a request means. Fault  as both above.
StreamOrFault find_stream(const Call& call, std::optional<std::string_view> name, std::optional<std::string_view> arn);

/// The same for puts: with auto_create_streams a missing stream is created (on demand, four shards).
Task<StreamOrFault> find_or_create_stream(const Call& call, std::string name);

wire::kinesis::Fault no_such_stream(const Call& call, std::string_view name);
wire::kinesis::Fault no_such_shard(const Call& call, std::string_view stream, std::uint32_t shard);
/// "in stream S under account A"
std::string in_stream(const Call& call, std::string_view name);
/// Letters, digits, '_', '.', '-'; 1 to 128; not "." or "..".
bool is_stream_name(std::string_view name);

}  // namespace forebay::gateway::kinesis
