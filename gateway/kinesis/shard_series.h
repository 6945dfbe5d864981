#pragma once

#include <string>

#include "base/metrics.h"
#include "base/units.h"

namespace forebay::gateway::stream {
class StreamService;
}

namespace forebay::gateway::kinesis {

/// Metrics of single shards, counted from EnableEnhancedMonitoring on: one row for each of its names in the service's
/// order, then what is left out.
inline constexpr MetricRow kShardMetricRows[] = {
    {"forebay_kinesis_shard_incoming_bytes_total", MetricType::counter, "account,stream,shard",
     "IncomingBytes: data and partition keys of the records a shard took, also from agents."},
    {"forebay_kinesis_shard_incoming_records_total", MetricType::counter, "account,stream,shard",
     "IncomingRecords: those records."},
    {"forebay_kinesis_shard_outgoing_bytes_total", MetricType::counter, "account,stream,shard",
     "OutgoingBytes: data and partition keys of the records that GetRecords and SubscribeToShard gave."},
    {"forebay_kinesis_shard_outgoing_records_total", MetricType::counter, "account,stream,shard",
     "OutgoingRecords: those records."},
    {"forebay_kinesis_shard_write_throughput_exceeded_total", MetricType::counter, "account,stream,shard",
     "WriteProvisionedThroughputExceeded: records refused because of a limit per shard."},
    {"forebay_kinesis_shard_read_throughput_exceeded_total", MetricType::counter, "account,stream,shard",
     "ReadProvisionedThroughputExceeded: GetRecords calls refused because of a limit per shard."},
    {"forebay_kinesis_shard_iterator_age_ms", MetricType::gauge, "account,stream,shard",
     "IteratorAgeMilliseconds: the largest MillisBehindLatest of the last one to two minutes; absent when nobody read."},
    {"forebay_kinesis_shards_left_out", MetricType::gauge, "",
     "Shards with enhanced monitoring that are not shown because 2000 others are."},
};

/// Shards that are shown at most: more would make an exposition of many megabytes.
inline constexpr std::size_t kShownShardsMax = 2000;

/// Appends the families to a Prometheus exposition: series of the metrics that are enabled, of shards that exist.
/// Nothing at all while no stream has any.
void append_shard_series(const stream::StreamService& streams, SteadyTime now, std::string& text);

}  // namespace forebay::gateway::kinesis
