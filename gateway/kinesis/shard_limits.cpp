#include "gateway/kinesis/shard_limits.h"

#include <algorithm>

namespace forebay::gateway::kinesis {
using stream::ShardNumber;
using stream::StreamId;

bool ShardLimitOptions::any() const {
  const auto limits = [](const auto& entry) { return entry.second.has_value(); };
  return common || std::any_of(streams.begin(), streams.end(), limits);
}

const ShardRates* ShardLimits::rates_of(std::string_view stream) const {
  const auto found = options_.streams.find(stream);
  const std::optional<ShardRates>& rates = found != options_.streams.end() ? found->second : options_.common;
  return rates ? &*rates : nullptr;
}

ShardLimits::ShardState& ShardLimits::state(const ShardRates& rates, StreamId stream, ShardNumber shard,
                                            SteadyTime now) {
  if (const auto found = shards_.find({stream, shard}); found != shards_.end()) return found->second;
  if (shards_.size() >= kShardsMax) shards_.clear();
  const ShardState fresh{TokenBucket(rates.write_bytes, rates.write_bytes, now),
                         TokenBucket(rates.write_records, rates.write_records, now),
                         TokenBucket(rates.reads, rates.reads, now),
                         TokenBucket(rates.reads, rates.reads, now),
                         now,
                         now};
  return shards_.emplace(Key{stream, shard}, fresh).first->second;
}

bool ShardLimits::take_write(const ShardRates& rates, StreamId stream, ShardNumber shard, std::size_t bytes) {
  const SteadyTime now = clock_.steady_now();
  const std::lock_guard lock(mutex_);
  ShardState& found = state(rates, stream, shard, now);
  const auto size = static_cast<double>(bytes);
  if (found.write_bytes.wait_for(size, now) > Milliseconds(0)) return false;
  return found.write_records.take(1, now) && found.write_bytes.take(size, now);
}

bool ShardLimits::take_read(const ShardRates& rates, StreamId stream, ShardNumber shard) {
  const SteadyTime now = clock_.steady_now();
  const std::lock_guard lock(mutex_);
  ShardState& found = state(rates, stream, shard, now);
  if (now < found.read_closed || found.read_paid >= now + std::chrono::seconds(1)) return false;
  return found.reads.take(1, now);
}

void ShardLimits::charge_read(const ShardRates& rates, StreamId stream, ShardNumber shard, std::size_t bytes) {
  const SteadyTime now = clock_.steady_now();
  const std::lock_guard lock(mutex_);
  ShardState& found = state(rates, stream, shard, now);
  const std::chrono::duration<double> worth(static_cast<double>(bytes) / rates.read_bytes);
  found.read_paid = std::max(found.read_paid, now) + std::chrono::duration_cast<SteadyTime::duration>(worth);
  if (worth > std::chrono::seconds(1)) found.read_closed = found.read_paid;
}

bool ShardLimits::take_iterator(const ShardRates& rates, StreamId stream, ShardNumber shard) {
  const SteadyTime now = clock_.steady_now();
  const std::lock_guard lock(mutex_);
  return state(rates, stream, shard, now).iterators.take(1, now);
}

}  // namespace forebay::gateway::kinesis
