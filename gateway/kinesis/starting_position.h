#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "gateway/kinesis/action.h"

/// Where reading begins: shard iterators and subscriptions take the same positions and refuse the same ones.
namespace forebay::gateway::kinesis {

struct ShardPlace {
  std::string type;  ///< of the five the service knows
  std::optional<std::string> sequence_number;
  std::optional<WallTime> timestamp;
};

/// The shard an id means. Fault  ResourceNotFoundException.
std::variant<std::shared_ptr<const stream::Shard>, wire::kinesis::Fault> find_shard(const Call& call,
                                                                                    const stream::Stream& stream,
                                                                                    std::string_view shard_id);

/// What members may stand together. Fault  InvalidArgumentException.
std::optional<wire::kinesis::Fault> check_place(const Call& call, const ShardPlace& place);

/// Offset of the first record to read at a checked place, within what the shard holds now.
/// Fault  InvalidArgumentException, with the call's name in its text where the service has it.
Task<std::variant<stream::Offset, wire::kinesis::Fault>> offset_of_place(const Call& call, stream::StreamPtr stream,
                                                                         std::shared_ptr<const stream::Shard> shard,
                                                                         ShardPlace place);

}  // namespace forebay::gateway::kinesis
