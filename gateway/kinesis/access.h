#pragma once

#include <optional>
#include <string_view>

#include "gateway/kinesis/action.h"

/// Whether the calling key may do what it asks for. Stream by stream the check stands in stream_lookup, through which
/// every call finds its stream; a call that is about no stream asks for "*".
namespace forebay::gateway::kinesis {

/// Fault  AccessDeniedException: the key may not run this call on anything.
std::optional<wire::kinesis::Fault> refuse_call(const Call& call);
/// Fault  AccessDeniedException: the key may not run this call on the resource (an ARN, or "*").
std::optional<wire::kinesis::Fault> refuse_resource(const Call& call, std::string_view resource);
/// The same for a stream of the calling account, which need not exist.
std::optional<wire::kinesis::Fault> refuse_stream(const Call& call, std::string_view name);

}  // namespace forebay::gateway::kinesis
