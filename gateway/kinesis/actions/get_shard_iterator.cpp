// GetShardIterator: all five types. The place is fixed here, LATEST too; the iterator lives 300 s.
#include "wire/kinesis/shapes/get_shard_iterator.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/put_common.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/iterator_token.h"
#include "gateway/kinesis/starting_position.h"
#include "gateway/kinesis/stream_lookup.h"
#include "gateway/kinesis/throttle.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;
using wire::kinesis::GetShardIteratorRequest;
using wire::kinesis::GetShardIteratorResponse;

Task<Reply> get_shard_iterator(Call& call) {
  auto decoded = decode_call<GetShardIteratorRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<GetShardIteratorRequest>(decoded);
  auto found = find_stream(call, request.stream_name, request.stream_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const stream::StreamPtr stream = std::get<stream::StreamPtr>(found);
  auto found_shard = find_shard(call, *stream, *request.shard_id);
  if (auto* fault = std::get_if<Fault>(&found_shard)) co_return std::move(*fault);
  const auto shard = std::get<std::shared_ptr<const stream::Shard>>(found_shard);
  ShardPlace place{*request.shard_iterator_type, request.starting_sequence_number, request.timestamp};
  if (auto fault = check_place(call, place)) co_return *std::move(fault);
  if (auto fault = throttle_iterator(call, *stream, shard->number)) co_return *std::move(fault);
  auto offset = co_await offset_of_place(call, stream, shard, std::move(place));
  if (auto* fault = std::get_if<Fault>(&offset)) co_return std::move(*fault);
  if (request.dry_run.value_or(false)) co_return dry_run_fault();

  IteratorToken token;
  token.stream_name = token_name(call, *stream);
  token.stream = stream->id;
  token.shard = shard->number;
  token.offset = std::get<stream::Offset>(offset);
  token.timeline = call.services.streams.timeline();
  GetShardIteratorResponse response;
  response.shard_iterator =
      seal_iterator(call.services.sealer, token, call.services.clock.wall_now(), call.services.entropy.next_u64());
  co_return encode_answer(call, response);
}

}  // namespace forebay::gateway::kinesis
