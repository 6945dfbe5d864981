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

/// Attribute of a stream that holds its policy.
inline constexpr std::string_view kPolicyAttribute = "policy";

/// The stream of that name, if the calling key may run this call on it.
/// Fault  AccessDeniedException (whether it exists or not), ResourceNotFoundException.
StreamOrFault find_stream(const Call& call, std::string_view name);
/// The same for a stream of `owner`. Another account than the caller's shares its stream by the stream's policy; the
/// call's account is the owner's from then on. Fault  also ResourceNotFoundException: it is not shared.
StreamOrFault find_stream_of(Call& call, std::string_view owner, std::string_view name);

/// The stream a request means, by name or ARN. Fault  as all above.
StreamOrFault find_stream(Call& call, std::optional<std::string_view> name, std::optional<std::string_view> arn);

/// How tokens name a stream: NAME, or ACCOUNT:NAME when it is of another account than the caller's.
std::string token_name(const Call& call, const stream::Stream& stream);
/// The stream of a token. Fault  as find_stream_of().
StreamOrFault find_stream_of_token(Call& call, std::string_view token_name);

/// Whether a put to a missing stream of this name would create it.
bool may_create_stream(const Call& call, std::string_view name);
/// The same for puts: with auto_create_streams a missing stream is created (on demand, four shards).
Task<StreamOrFault> find_or_create_stream(const Call& call, std::string name);

wire::kinesis::Fault no_such_stream(const Call& call, std::string_view name);
wire::kinesis::Fault no_such_shard(const Call& call, std::string_view stream, std::uint32_t shard);
/// "in stream S under account A"
std::string in_stream(const Call& call, std::string_view name);
/// Letters, digits, '_', '.', '-'; 1 to 128; not "." or "..".
bool is_stream_name(std::string_view name);

}  // namespace forebay::gateway::kinesis
