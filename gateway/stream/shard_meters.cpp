#include "gateway/stream/shard_meters.h"

#include <algorithm>

#include "gateway/stream/stream_service.h"
#include "wire/kafka/record_batch.h"

namespace forebay::gateway::stream {
namespace {

void add(RecordCount& to, RecordCount count) {
  to.records += count.records;
  to.bytes += count.bytes;
}

}  // namespace

void ShardMeters::Ages::turn(SteadyTime time) {
  if (time < begin + kAgeWindow) return;
  before = time < begin + 2 * kAgeWindow ? now : std::nullopt;
  now.reset();
  begin = time;
}

void ShardMeters::took(ShardNumber shard, RecordCount count) {
  const std::scoped_lock lock(mutex_);
  add(meters_[shard].counts.incoming, count);
}

void ShardMeters::took(std::span<const PutOutcome> outcomes, std::span<const std::uint32_t> sizes) {
  const std::scoped_lock lock(mutex_);
  for (std::size_t i = 0; i < outcomes.size(); ++i) add(meters_[outcomes[i].shard].counts.incoming, {1, sizes[i]});
}

void ShardMeters::gave(ShardNumber shard, RecordCount count) {
  const std::scoped_lock lock(mutex_);
  add(meters_[shard].counts.outgoing, count);
}

void ShardMeters::refused_write(ShardNumber shard) {
  const std::scoped_lock lock(mutex_);
  ++meters_[shard].counts.refused_writes;
}

void ShardMeters::refused_read(ShardNumber shard) {
  const std::scoped_lock lock(mutex_);
  ++meters_[shard].counts.refused_reads;
}

void ShardMeters::iterator_age(ShardNumber shard, Milliseconds age, SteadyTime now) {
  const std::scoped_lock lock(mutex_);
  Ages& ages = meters_[shard].ages;
  ages.turn(now);
  ages.now = std::max(ages.now.value_or(age), age);
}

void ShardMeters::keep(std::span<const std::shared_ptr<const Shard>> shards) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(meters_, [&](const auto& meter) {
    const auto found = std::lower_bound(shards.begin(), shards.end(), meter.first,
                                        [](const auto& shard, ShardNumber wanted) { return shard->number < wanted; });
    return found == shards.end() || (*found)->number != meter.first;
  });
}

ShardCounts ShardMeters::counts(ShardNumber shard, SteadyTime now) const {
  const std::scoped_lock lock(mutex_);
  const auto found = meters_.find(shard);
  if (found == meters_.end()) return {};
  ShardCounts counts = found->second.counts;
  Ages ages = found->second.ages;
  ages.turn(now);
  counts.iterator_age = ages.now && ages.before ? std::max(*ages.now, *ages.before) : ages.now ? ages.now : ages.before;
  return counts;
}

std::vector<std::uint32_t> ShardMeters::sizes_of(std::span<const PutRecord> records) {
  std::vector<std::uint32_t> sizes;
  sizes.reserve(records.size());
  for (const PutRecord& record : records)
    sizes.push_back(static_cast<std::uint32_t>(record.partition_key.size() + record.data.size()));
  return sizes;
}

Result<RecordCount> ShardMeters::count_of(ByteView batch) {
  RecordCount count;
  Buffer unpacked;
  const auto visit = [&](const wire::kafka::BatchRecord& record) {
    add(count, {1, record.key.size() + record.value.size()});
  };
  FB_TRY(const auto header, wire::kafka::for_each_record(batch, wire::kafka::BatchLimits(), unpacked, visit));
  (void)header;
  return count;
}

}  // namespace forebay::gateway::stream
