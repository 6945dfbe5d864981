#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "gateway/kinesis/token_sealer.h"
#include "gateway/stream/identifiers.h"
#include "wire/aws/date.h"
#include "wire/kinesis/error_type.h"

namespace forebay::gateway::kinesis {

/// What a shard iterator says: a place in one shard of one incarnation of a stream.
struct IteratorToken {
  std::string stream_name;  ///< as token_name() has it
  stream::StreamId stream;
  stream::ShardNumber shard;
  stream::Offset offset;
  std::uint64_t timeline = 0;
  friend bool operator==(const IteratorToken&, const IteratorToken&) = default;
};

std::string seal_iterator(const TokenSealer& sealer, const IteratorToken& token, WallTime now, std::uint64_t nonce);
/// Fault  InvalidArgumentException: not sealed here; ExpiredIteratorException: older than 300 s or of another timeline.
std::variant<IteratorToken, wire::kinesis::Fault> open_iterator(const TokenSealer& sealer, std::string_view text,
                                                                WallTime now, std::uint64_t timeline);

using wire::aws::service_time;

}  // namespace forebay::gateway::kinesis
