#pragma once

#include <memory>
#include <variant>
#include <vector>

#include "base/units.h"
#include "gateway/stream/stream_service.h"
#include "wire/kinesis/error_type.h"
#include "wire/kinesis/shapes/list_shards.h"

namespace forebay::gateway::kinesis {

/// Which shards a listing shows (kinesis 3.6).
struct ShardSelection {
  enum class Rule : std::uint8_t { all, at_trim_horizon, at_latest, at_timestamp, from_timestamp };
  Rule rule = Rule::all;
  WallTime time{};          ///< for the two rules with a timestamp
  std::int64_t after = -1;  ///< only shards with a higher number
};

/// Fault  InvalidArgumentException: a filter without its shard or time, or an unreadable shard id.
std::variant<ShardSelection, wire::kinesis::Fault> select_shards(const wire::kinesis::ListShardsRequest& request);

/// By number.
std::vector<std::shared_ptr<const stream::Shard>> selected_shards(const stream::Stream& stream,
                                                                  const ShardSelection& selection, WallTime now);

}  // namespace forebay::gateway::kinesis
