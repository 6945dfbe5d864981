#pragma once

#include <span>
#include <variant>

#include "gateway/firehose/action.h"

/// What PutRecord and PutRecordBatch share: records go to the stream behind the delivery stream.
namespace forebay::gateway::firehose {

using StreamOrFault = std::variant<stream::StreamPtr, wire::kinesis::Fault>;

/// The stream that direct puts of a delivery stream go to. Fault  AccessDeniedException; ResourceNotFoundException;
/// InvalidArgumentException: its source is a stream.
StreamOrFault find_put_stream(const Call& call, std::string_view name);

/// Stores records, each on a shard chosen at random. Success  durable. Owner  the data is borrowed until the task is
/// done.
Task<Result<void>> put_all(Call& call, stream::StreamPtr stream, std::vector<ByteView> data);

/// A failed put as clients see it.
wire::kinesis::Fault put_fault(const Call& call, std::string_view name, const Error& error);

}  // namespace forebay::gateway::firehose
