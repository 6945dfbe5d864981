// GetShardIterator: all five types. The place is fixed here, LATEST too; the iterator lives 300 s.
#include "wire/kinesis/shapes/get_shard_iterator.h"

#include <algorithm>

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/put_common.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/error_reply.h"
#include "gateway/kinesis/iterator_token.h"
#include "gateway/kinesis/sequence.h"
#include "gateway/kinesis/stream_lookup.h"
#include "gateway/kinesis/throttle.h"
#include "wire/kinesis/shard_id.h"

namespace forebay::gateway::kinesis {
using stream::Offset;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;
using wire::kinesis::GetShardIteratorRequest;
using wire::kinesis::GetShardIteratorResponse;
using wire::kinesis::to_shard_id;

namespace {
using ShardPtr = std::shared_ptr<const stream::Shard>;

bool by_number(std::string_view type) { return type == "AT_SEQUENCE_NUMBER" || type == "AFTER_SEQUENCE_NUMBER"; }

std::variant<ShardPtr, Fault> find_shard(const Call& call, const stream::Stream& stream, const std::string& shard_id) {
  const auto number = wire::kinesis::parse_shard_id(shard_id);
  if (!number)
    return Fault{ErrorType::resource_not_found,
                 "Could not find shard " + shard_id + " " + in_stream(call, stream.name) + "."};
  ShardPtr shard = stream.shard(stream::ShardNumber(*number));
  if (!shard) return no_such_shard(call, stream.name, *number);
  return shard;
}

/// What members may stand together.
std::optional<Fault> check_members(const Call& call, const GetShardIteratorRequest& request) {
  const std::string& type = *request.shard_iterator_type;
  const bool has_number = request.starting_sequence_number.has_value();
  if (by_number(type) != has_number)
    return Fault{
        ErrorType::invalid_argument,
        "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) "
        "TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified " +
            type + " and " + (has_number ? "also a StartingSequenceNumber." : "no StartingSequenceNumber.")};
  if (type != "AT_TIMESTAMP") return std::nullopt;
  if (!request.timestamp)
    return Fault{ErrorType::invalid_argument,
                 "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no "
                 "timestamp parameter."};
  const WallTime now = call.services.clock.wall_now();
  if (*request.timestamp > now)
    return Fault{
        ErrorType::invalid_argument,
        "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: " +
            std::to_string(to_millis(*request.timestamp)) +
            ", currentTimestampInMillis: " + std::to_string(to_millis(now))};
  return std::nullopt;
}

std::variant<Offset, Fault> place_of_number(const Call& call, const stream::Stream& stream, const stream::Shard& shard,
                                            const GetShardIteratorRequest& request) {
  const std::string& text = *request.starting_sequence_number;
  const std::string invalid = "StartingSequenceNumber " + text + " used in GetShardIterator on shard " +
                              to_shard_id(shard.number.value()) + " " + in_stream(call, stream.name) + " is invalid";
  const auto number = wire::kinesis::parse_sequence_number(text);
  if (!number) return Fault{ErrorType::invalid_argument, invalid + "."};
  if (number->shard != shard.number.value())
    return Fault{ErrorType::invalid_argument,
                 "Invalid StartingSequenceNumber. It encodes " + to_shard_id(number->shard) +
                     ", while it was used in a call to a shard with " + to_shard_id(shard.number.value())};
  if (number->created_s != epoch_seconds(shard.created))
    return Fault{ErrorType::invalid_argument, invalid + " because it did not come from this stream."};
  return *request.shard_iterator_type == "AT_SEQUENCE_NUMBER" ? offset_at(*number) : offset_after(*number);
}
}  // namespace

Task<Reply> get_shard_iterator(Call& call) {
  auto decoded = decode_call<GetShardIteratorRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<GetShardIteratorRequest>(decoded);
  auto found = find_stream(call, request.stream_name, request.stream_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const stream::StreamPtr stream = std::get<stream::StreamPtr>(found);
  auto found_shard = find_shard(call, *stream, *request.shard_id);
  if (auto* fault = std::get_if<Fault>(&found_shard)) co_return std::move(*fault);
  const ShardPtr shard = std::get<ShardPtr>(found_shard);
  if (auto fault = check_members(call, request)) co_return *std::move(fault);
  if (auto fault = throttle_iterator(call, *stream, shard->number)) co_return *std::move(fault);

  const std::string& type = *request.shard_iterator_type;
  Offset place = shard->start_offset();
  if (by_number(type)) {
    auto numbered = place_of_number(call, *stream, *shard, request);
    if (auto* fault = std::get_if<Fault>(&numbered)) co_return std::move(*fault);
    place = std::get<Offset>(numbered);
  } else if (type == "LATEST") {
    place = shard->end_offset();
  } else if (type == "AT_TIMESTAMP") {
    auto timed = co_await call.services.streams.offset_at(shard, *request.timestamp);
    if (!timed) co_return fault_of(timed.error());
    place = *timed;
  }
  if (request.dry_run.value_or(false)) co_return dry_run_fault();

  IteratorToken token;
  token.stream_name = stream->name;
  token.stream = stream->id;
  token.shard = shard->number;
  token.offset = std::clamp(place, shard->start_offset(), shard->end_offset());
  token.timeline = call.services.streams.timeline();
  GetShardIteratorResponse response;
  response.shard_iterator =
      seal_iterator(call.services.sealer, token, call.services.clock.wall_now(), call.services.entropy.next_u64());
  co_return encode_answer(call, response);
}

}  // namespace forebay::gateway::kinesis
