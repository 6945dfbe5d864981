#include "gateway/kinesis/shard_series.h"

#include <algorithm>
#include <array>

#include "gateway/kinesis/monitoring.h"
#include "gateway/stream/stream_service.h"
#include "wire/kinesis/rules.h"
#include "wire/kinesis/shard_id.h"

namespace forebay::gateway::kinesis {
namespace {

constexpr std::size_t kMetrics = std::size(kShardMetricRows) - 1;
constexpr std::size_t kLeftOut = kMetrics;
static_assert(wire::kinesis::values::kMetricName.size() == kMetrics + 1, "ALL, and one row for each other name");

/// What is shown of one shard, by rows.
struct ShownShard {
  std::vector<std::string> labels;
  std::array<std::optional<std::uint64_t>, kMetrics> values;
};

std::array<bool, kMetrics> rows_enabled(const stream::Stream& stream) {
  std::array<bool, kMetrics> enabled{};
  for (const std::string& name : enabled_metrics(stream)) {
    const auto& names = wire::kinesis::values::kMetricName;
    const auto place = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    if (place < kMetrics) enabled[place] = true;
  }
  return enabled;
}

ShownShard show(const stream::Stream& stream, stream::ShardNumber number, SteadyTime now) {
  const stream::ShardCounts counts = stream.meters->counts(number, now);
  ShownShard shown;
  shown.labels = {stream.account, stream.name, wire::kinesis::to_shard_id(number.value())};
  shown.values = {counts.incoming.bytes, counts.incoming.records, counts.outgoing.bytes, counts.outgoing.records,
                  counts.refused_writes, counts.refused_reads};
  if (counts.iterator_age) shown.values.back() = static_cast<std::uint64_t>(counts.iterator_age->count());
  const auto enabled = rows_enabled(stream);
  for (std::size_t row = 0; row < kMetrics; ++row)
    if (!enabled[row]) shown.values[row].reset();
  return shown;
}

}  // namespace

void append_shard_series(const stream::StreamService& streams, SteadyTime now, std::string& text) {
  const std::vector<stream::StreamPtr> metered = streams.metered();
  if (metered.empty()) return;
  std::vector<ShownShard> shown;
  std::uint64_t left_out = 0;
  for (const stream::StreamPtr& stream : metered) {
    const std::size_t room = std::min(kShownShardsMax - shown.size(), stream->shards.size());
    for (std::size_t i = 0; i < room; ++i) shown.push_back(show(*stream, stream->shards[i]->number, now));
    left_out += stream->shards.size() - room;
  }
  for (std::size_t row = 0; row < kMetrics; ++row) {
    append_metric_head(text, kShardMetricRows[row]);
    for (const ShownShard& shard : shown)
      if (shard.values[row]) append_metric_sample(text, kShardMetricRows[row], shard.labels, *shard.values[row]);
  }
  append_metric_head(text, kShardMetricRows[kLeftOut]);
  append_metric_sample(text, kShardMetricRows[kLeftOut], {}, left_out);
}

}  // namespace forebay::gateway::kinesis
