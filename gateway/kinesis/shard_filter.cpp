#include "gateway/kinesis/shard_filter.h"

#include <algorithm>

#include "wire/kinesis/shard_id.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;
using Rule = ShardSelection::Rule;

namespace {
std::variant<std::int64_t, Fault> number_of(const std::string& shard_id) {
  const auto number = wire::kinesis::parse_shard_id(shard_id);
  if (!number) return Fault{ErrorType::invalid_argument, "Invalid shard id " + shard_id + "."};
  return static_cast<std::int64_t>(*number);
}

Rule rule_of(std::string_view type) {
  if (type == "AT_TRIM_HORIZON") return Rule::at_trim_horizon;
  if (type == "AT_LATEST") return Rule::at_latest;
  if (type == "AT_TIMESTAMP") return Rule::at_timestamp;
  if (type == "FROM_TIMESTAMP") return Rule::from_timestamp;
  return Rule::all;  // AFTER_SHARD_ID selects by number, FROM_TRIM_HORIZON everything
}

/// Oldest moment of which the stream still holds records.
WallTime horizon_of(const stream::Stream& stream, WallTime now) {
  WallTime oldest = now;
  for (const auto& shard : stream.shards) oldest = std::min(oldest, shard->created);
  return std::max(oldest, now - std::chrono::hours(stream.retention_hours));
}

/// Whether the shard had begun by then. A child begins the moment its parents end, a parent ends before its children
/// begin: at every moment exactly one shard owns a key. What came before the oldest shards has expired.
bool has_begun(const stream::Stream& stream, const stream::Shard& shard, WallTime time) {
  if (!shard.parent) return shard.created <= time;
  const auto parent = stream.shard(*shard.parent);
  return !parent || !parent->closed || *parent->closed < time;
}

bool is_selected(const stream::Stream& stream, const stream::Shard& shard, Rule rule, WallTime time) {
  const bool reaches = !shard.closed || *shard.closed >= time;
  switch (rule) {
    case Rule::all: return true;
    case Rule::at_latest: return !shard.closed;
    case Rule::from_timestamp: return reaches;
    case Rule::at_trim_horizon:
    case Rule::at_timestamp: return has_begun(stream, shard, time) && reaches;
  }
  return true;
}
}  // namespace

std::variant<ShardSelection, Fault> select_shards(const wire::kinesis::ListShardsRequest& request) {
  ShardSelection selection;
  if (request.exclusive_start_shard_id) {
    auto number = number_of(*request.exclusive_start_shard_id);
    if (auto* fault = std::get_if<Fault>(&number)) return std::move(*fault);
    selection.after = std::get<std::int64_t>(number);
  }
  if (!request.shard_filter) return selection;
  const wire::kinesis::ShardFilter& filter = *request.shard_filter;
  selection.rule = rule_of(*filter.type);
  if (*filter.type == "AFTER_SHARD_ID") {
    if (!filter.shard_id)
      return Fault{ErrorType::invalid_argument, "ShardId must be provided in a ShardFilter of type AFTER_SHARD_ID."};
    auto number = number_of(*filter.shard_id);
    if (auto* fault = std::get_if<Fault>(&number)) return std::move(*fault);
    selection.after = std::max(selection.after, std::get<std::int64_t>(number));
  }
  if (selection.rule == Rule::at_timestamp || selection.rule == Rule::from_timestamp) {
    if (!filter.timestamp)
      return Fault{ErrorType::invalid_argument,
                   "Timestamp must be provided in a ShardFilter of type " + *filter.type + "."};
    selection.time = *filter.timestamp;
  }
  return selection;
}

std::vector<std::shared_ptr<const stream::Shard>> selected_shards(const stream::Stream& stream,
                                                                  const ShardSelection& selection, WallTime now) {
  const WallTime horizon = horizon_of(stream, now);
  const bool timed = selection.rule == Rule::at_timestamp || selection.rule == Rule::from_timestamp;
  const WallTime time = timed ? std::max(selection.time, horizon) : horizon;
  std::vector<std::shared_ptr<const stream::Shard>> selected;
  for (const auto& shard : stream.shards)
    if (static_cast<std::int64_t>(shard->number.value()) > selection.after &&
        is_selected(stream, *shard, selection.rule, time))
      selected.push_back(shard);
  return selected;
}

}  // namespace forebay::gateway::kinesis
