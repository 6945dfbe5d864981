// MergeShards: two neighbours become one; the first named must have the lower hash keys. The merge is durable and the
// stream ACTIVE again when the call returns.
#include "wire/kinesis/shapes/merge_shards.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/reshard.h"
#include "gateway/kinesis/call_codec.h"
#include "wire/kinesis/shard_id.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;
using wire::kinesis::MergeShardsRequest;
using wire::kinesis::to_shard_id;

namespace {
Fault no_neighbours(const Call& call, const stream::Stream& stream, const stream::Shard& first,
                    const stream::Shard& second) {
  return {ErrorType::invalid_argument,
          "Shards " + to_shard_id(first.number.value()) + " and " + to_shard_id(second.number.value()) + " " +
              in_stream(call, stream.name) + " are not an adjacent pair of shards eligible for merging"};
}

bool are_neighbours(const stream::Shard& lower, const stream::Shard& upper) {
  return lower.range.end != HashKey::max() && lower.range.end.next() == upper.range.start;
}
}  // namespace

Task<Reply> merge_shards(Call& call) {
  auto decoded = decode_call<MergeShardsRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<MergeShardsRequest>(decoded);
  auto found = find_reshardable(call, request.stream_name, request.stream_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const stream::StreamPtr stream = std::get<stream::StreamPtr>(found);
  auto first = find_open_shard(call, *stream, *request.shard_to_merge);
  if (auto* fault = std::get_if<Fault>(&first)) co_return std::move(*fault);
  auto second = find_open_shard(call, *stream, *request.adjacent_shard_to_merge);
  if (auto* fault = std::get_if<Fault>(&second)) co_return std::move(*fault);
  const auto lower = std::get<std::shared_ptr<const stream::Shard>>(first);
  const auto upper = std::get<std::shared_ptr<const stream::Shard>>(second);
  if (!are_neighbours(*lower, *upper)) co_return no_neighbours(call, *stream, *lower, *upper);

  auto merged = co_await call.services.streams.merge(stream, lower->number, upper->number);
  if (merged) co_return std::string();
  if (merged.error().code == Errc::conflict) {
    // Another call closed one of the two meanwhile.
    const stream::StreamPtr now = call.services.streams.find(call.account, stream->name);
    const auto left = now ? now->shard(lower->number) : nullptr;
    co_return already_resharded(call, *stream, left && !left->closed ? upper->number : lower->number);
  }
  co_return reshard_fault(call, *stream, merged.error());
}

}  // namespace forebay::gateway::kinesis
