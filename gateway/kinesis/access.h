#pragma once

#include <optional>
#include <string_view>

#include "gateway/kinesis/action.h"

/// Whether the calling key may do what it asks for. Stream by stream the check stands in stream_lookup, through which
/// every call finds its stream; a call that is about no stream asks for "*". The policy of the key must allow the call; the
/// policy of a resource may deny it to keys of its own account, and must allow it to those of others (docs/ACCESS.md).
namespace forebay::gateway::kinesis {

/// Fault  AccessDeniedException: the key may not run this call on anything.
std::optional<wire::kinesis::Fault> refuse_call(const Call& call);
/// Fault  AccessDeniedException: the key may not run this call on the resource (an ARN, or "*").
std::optional<wire::kinesis::Fault> refuse_resource(const Call& call, std::string_view resource);
/// The same for a stream of the call's account, which need not exist.
std::optional<wire::kinesis::Fault> refuse_stream(const Call& call, std::string_view name);

/// Account of the calling key; Call::account is that of the streams the call is about.
std::string_view caller_account(const Call& call);
/// AccessDeniedException when the resource's policy (an attribute of its stream) denies the call. An unrestricted key of
/// the owner keeps the three calls about policies, so that nobody locks himself out.
std::optional<wire::kinesis::Fault> refuse_by_policy(const Call& call, const stream::Stream& stream,
                                                     std::string_view policy_attribute, std::string_view resource);
/// Whether the resource's policy allows the call to the key of another account.
bool is_shared_with_caller(const Call& call, const stream::Stream& stream, std::string_view policy_attribute,
                           std::string_view resource);

}  // namespace forebay::gateway::kinesis
