// SplitShard: one shard becomes two. The split is durable and the stream ACTIVE again when the call returns.
#include "wire/kinesis/shapes/split_shard.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/reshard.h"
#include "gateway/kinesis/call_codec.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;
using wire::kinesis::SplitShardRequest;

namespace {
/// The key where the upper child begins: both children get more than one hash key, as the service wants it.
std::variant<HashKey, Fault> split_key(const Call& call, const stream::Stream& stream, const stream::Shard& shard,
                                       const std::string& text) {
  const HashKeyRange& range = shard.range;
  const auto key = hash_key_from_decimal(text);
  if (key && *key > range.start && *key != range.start.next() && *key < range.end) return *key;
  return Fault{ErrorType::invalid_argument,
               "NewStartingHashKey " + text + " used in SplitShard() on shard " +
                   shard_in_stream(call, stream, shard.number) +
                   " is not both greater than one plus the shard's StartingHashKey " + to_decimal(range.start) +
                   " and less than the shard's EndingHashKey " + to_decimal(range.end) + "."};
}
}  // namespace

Task<Reply> split_shard(Call& call) {
  auto decoded = decode_call<SplitShardRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<SplitShardRequest>(decoded);
  auto found = find_reshardable(call, request.stream_name, request.stream_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const stream::StreamPtr stream = std::get<stream::StreamPtr>(found);
  auto open = find_open_shard(call, *stream, *request.shard_to_split);
  if (auto* fault = std::get_if<Fault>(&open)) co_return std::move(*fault);
  const auto shard = std::get<std::shared_ptr<const stream::Shard>>(open);
  if (auto fault = check_shard_quota(call, 1)) co_return *std::move(fault);
  auto key = split_key(call, *stream, *shard, *request.new_starting_hash_key);
  if (auto* fault = std::get_if<Fault>(&key)) co_return std::move(*fault);
  const HashKey start = std::get<HashKey>(key);

  auto split = co_await call.services.streams.split(stream, shard->number, start);
  if (split) co_return std::string();
  if (split.error().code == Errc::conflict) co_return already_resharded(call, *stream, shard->number);
  co_return reshard_fault(call, *stream, split.error());
}

}  // namespace forebay::gateway::kinesis
