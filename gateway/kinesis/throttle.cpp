#include "gateway/kinesis/throttle.h"

#include <set>

#include "gateway/kinesis/shard_limits.h"
#include "gateway/kinesis/stream_lookup.h"
#include "wire/kinesis/shard_id.h"

namespace forebay::gateway::kinesis {
using stream::ShardNumber;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
const ShardRates* rates_of(const Call& call, const stream::Stream& stream) {
  return call.services.limits ? call.services.limits->rates_of(stream.name) : nullptr;
}

Fault read_throttled(const Call& call, const stream::Stream& stream, ShardNumber shard) {
  return {ErrorType::provisioned_throughput_exceeded, "Rate exceeded for Shard - " + call.account + "/" + stream.name +
                                                          "/" + wire::kinesis::to_shard_id(shard.value())};
}
}  // namespace

RefusedRecords throttle_records(Call& call, const stream::Stream& stream) {
  RefusedRecords refused;
  const ShardRates* rates = rates_of(call, stream);
  if (rates == nullptr) return refused;
  std::vector<stream::PutRecord>& records = call.scratch.records;
  std::size_t kept = 0;
  // Nothing smaller goes past what was refused: a key keeps its order when that is sent again.
  std::set<ShardNumber> full;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const stream::PutRecord& record = records[i];
    const HashKey hash = record.explicit_hash_key ? *record.explicit_hash_key : hash_key_of(record.partition_key);
    const ShardNumber shard = stream.shard_for(hash)->number;
    const std::size_t size = record.partition_key.size() + record.data.size();
    if (!full.contains(shard) && call.services.limits->take_write(*rates, stream.id, shard, size)) {
      records[kept++] = record;
      continue;
    }
    full.insert(shard);
    if (refused.empty()) refused.resize(records.size());
    refused[i] = shard;
    if (stream.meters) stream.meters->refused_write(shard);
  }
  records.resize(kept);
  return refused;
}

Fault write_throttled(const Call& call, const stream::Stream& stream, ShardNumber shard) {
  return {ErrorType::provisioned_throughput_exceeded, "Rate exceeded for shard " +
                                                          wire::kinesis::to_shard_id(shard.value()) + " " +
                                                          in_stream(call, stream.name) + "."};
}

std::optional<Fault> throttle_read(const Call& call, const stream::Stream& stream, ShardNumber shard) {
  const ShardRates* rates = rates_of(call, stream);
  if (rates == nullptr || call.services.limits->take_read(*rates, stream.id, shard)) return std::nullopt;
  if (stream.meters) stream.meters->refused_read(shard);
  return read_throttled(call, stream, shard);
}

std::optional<Fault> throttle_iterator(const Call& call, const stream::Stream& stream, ShardNumber shard) {
  const ShardRates* rates = rates_of(call, stream);
  if (rates == nullptr || call.services.limits->take_iterator(*rates, stream.id, shard)) return std::nullopt;
  return read_throttled(call, stream, shard);
}

void charge_read(const Call& call, const stream::Stream& stream, ShardNumber shard, std::size_t bytes) {
  if (const ShardRates* rates = rates_of(call, stream))
    call.services.limits->charge_read(*rates, stream.id, shard, bytes);
}

}  // namespace forebay::gateway::kinesis
