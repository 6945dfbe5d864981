#include "gateway/kinesis/describe.h"

#include "gateway/kinesis/consumer.h"
#include "gateway/kinesis/encryption.h"
#include "gateway/kinesis/monitoring.h"
#include "gateway/kinesis/sequence.h"
#include "gateway/kinesis/warm_throughput.h"
#include "wire/kinesis/arn.h"
#include "wire/kinesis/shard_id.h"

namespace forebay::gateway::kinesis {
using stream::Stream;
using wire::kinesis::to_shard_id;

std::string arn_of(const Call& call, std::string_view stream) {
  wire::kinesis::StreamArn arn;
  arn.region = call.region;
  arn.account = call.account;
  arn.name = stream;
  return to_string(arn);
}

std::string_view status_name(stream::StreamStatus status) {
  switch (status) {
    case stream::StreamStatus::creating: return "CREATING";
    case stream::StreamStatus::active: return "ACTIVE";
    case stream::StreamStatus::updating: return "UPDATING";
    case stream::StreamStatus::deleting: return "DELETING";
  }
  return "ACTIVE";
}

wire::kinesis::StreamModeDetails mode_details(stream::StreamMode mode) {
  wire::kinesis::StreamModeDetails details;
  details.stream_mode = mode == stream::StreamMode::on_demand ? "ON_DEMAND" : "PROVISIONED";
  return details;
}

wire::kinesis::HashKeyRangeShape range_shape(const HashKeyRange& range) {
  return {to_decimal(range.start), to_decimal(range.end)};
}

wire::kinesis::Shard shard_shape(const stream::Shard& shard) {
  wire::kinesis::Shard shape;
  shape.shard_id = to_shard_id(shard.number.value());
  if (shard.parent) shape.parent_shard_id = to_shard_id(shard.parent->value());
  if (shard.adjacent_parent) shape.adjacent_parent_shard_id = to_shard_id(shard.adjacent_parent->value());
  shape.hash_key_range = range_shape(shard.range);
  shape.sequence_number_range.starting_sequence_number = to_decimal(starting_number(shard));
  if (shard.closed) shape.sequence_number_range.ending_sequence_number = to_decimal(ending_number(shard));
  return shape;
}

wire::kinesis::StreamDescriptionSummary summary_shape(const Call& call, const Stream& stream) {
  wire::kinesis::StreamDescriptionSummary shape;
  shape.stream_name = stream.name;
  shape.stream_arn = arn_of(call, stream.name);
  shape.stream_status = status_name(stream.status);
  shape.stream_mode_details = mode_details(stream.mode);
  shape.retention_period_hours = stream.retention_hours;
  shape.stream_creation_timestamp = stream.created;
  shape.enhanced_monitoring.emplace_back().shard_level_metrics = enabled_metrics(stream);
  const std::string_view key_id = key_id_of(stream);
  shape.encryption_type = key_id.empty() ? "NONE" : "KMS";
  if (!key_id.empty()) shape.key_id = key_id;
  shape.open_shard_count = static_cast<std::int32_t>(stream.open_shards.size());
  shape.consumer_count = static_cast<std::int32_t>(consumers_of(stream).size());
  shape.warm_throughput = warm_shape(stream);
  shape.max_record_size_in_kib = static_cast<std::int32_t>(stream.record_bytes_max / 1024);
  return shape;
}

wire::kinesis::StreamSummary list_entry_shape(const Call& call, const Stream& stream) {
  wire::kinesis::StreamSummary shape;
  shape.stream_name = stream.name;
  shape.stream_arn = arn_of(call, stream.name);
  shape.stream_status = status_name(stream.status);
  shape.stream_mode_details = mode_details(stream.mode);
  shape.stream_creation_timestamp = stream.created;
  return shape;
}

std::vector<wire::kinesis::ChildShard> children_of(const Stream& stream, stream::ShardNumber parent) {
  std::vector<wire::kinesis::ChildShard> children;
  for (const auto& shard : stream.shards) {
    if (shard->parent != parent && shard->adjacent_parent != parent) continue;
    wire::kinesis::ChildShard child;
    child.shard_id = to_shard_id(shard->number.value());
    if (shard->parent) child.parent_shards.push_back(to_shard_id(shard->parent->value()));
    if (shard->adjacent_parent) child.parent_shards.push_back(to_shard_id(shard->adjacent_parent->value()));
    child.hash_key_range = range_shape(shard->range);
    children.push_back(std::move(child));
  }
  return children;
}

}  // namespace forebay::gateway::kinesis
