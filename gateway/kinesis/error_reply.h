#pragma once

#include "base/error.h"
#include "gateway/aws/fault_reply.h"
#include "gateway/kinesis/encoding.h"

namespace forebay::gateway::kinesis {

using aws::content_type_of;
using aws::encoding_of;
using aws::fault_response;
using wire::kinesis::kCborContentType;

/// A failure of the stream service as clients see it, where a call has no better answer.
wire::kinesis::Fault fault_of(const Error& error);

}  // namespace forebay::gateway::kinesis
