#pragma once

#include <functional>
#include <variant>

#include "gateway/kinesis/stream_lookup.h"

namespace forebay::gateway::kinesis {

/// What a call makes of a stream: settings to replace (none: nothing to do), or why it is refused.
using Edit = std::variant<stream::StreamSettings, wire::kinesis::Fault>;
using EditPlan = std::function<Edit(const stream::Stream&)>;

/// Changes a stream's settings by what they are: when another call changes them meanwhile, `plan` decides anew, so that
/// limits and quotas hold for calls at the same time. Result  the stream with the change, durable.
/// Fault  the plan's; ResourceNotFoundException: deleted meanwhile; ResourceInUseException: too many calls at once.
Task<StreamOrFault> edit_stream(const Call& call, stream::StreamPtr stream, EditPlan plan);

}  // namespace forebay::gateway::kinesis
