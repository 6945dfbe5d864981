#include "gateway/kinesis/starting_position.h"

#include <algorithm>

#include "gateway/kinesis/error_reply.h"
#include "gateway/kinesis/sequence.h"
#include "gateway/kinesis/stream_lookup.h"
#include "wire/kinesis/shard_id.h"

namespace forebay::gateway::kinesis {
using stream::Offset;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;
using wire::kinesis::SequenceNumber;
using wire::kinesis::to_shard_id;

namespace {
using ShardPtr = std::shared_ptr<const stream::Shard>;

bool by_number(std::string_view type) { return type == "AT_SEQUENCE_NUMBER" || type == "AFTER_SEQUENCE_NUMBER"; }

std::variant<SequenceNumber, Fault> read_number(const Call& call, const stream::Stream& stream,
                                                const stream::Shard& shard, const std::string& text) {
  const std::string invalid = "StartingSequenceNumber " + text + " used in " + std::string(call.action) +
                              " on shard " + to_shard_id(shard.number.value()) + " " + in_stream(call, stream.name) +
                              " is invalid";
  const auto number = wire::kinesis::parse_sequence_number(text);
  if (!number) return Fault{ErrorType::invalid_argument, invalid + "."};
  if (number->shard != shard.number.value())
    return Fault{ErrorType::invalid_argument,
                 "Invalid StartingSequenceNumber. It encodes " + to_shard_id(number->shard) +
                     ", while it was used in a call to a shard with " + to_shard_id(shard.number.value())};
  if (number->created_s != epoch_seconds(shard.created))
    return Fault{ErrorType::invalid_argument, invalid + " because it did not come from this stream."};
  return *number;
}

/// A number that a subscription gave while nothing arrived has the counter of the record before it and a later second:
/// it lies behind that record, so reading "at" it begins with the next one.
Task<Offset> offset_at_number(const Call& call, ShardPtr shard, SequenceNumber number) {
  const Offset offset = offset_at(number);
  if (number.counter == 0 || offset < shard->start_offset() || offset >= shard->end_offset()) co_return offset;
  const auto read = co_await call.services.streams.read(shard, offset, 1);
  if (!read || read->batches.empty()) co_return offset;
  const bool behind = number.arrival_s > epoch_seconds(read->batches.front().arrival);
  co_return behind ? offset_after(number) : offset;
}
}  // namespace

std::variant<ShardPtr, Fault> find_shard(const Call& call, const stream::Stream& stream, std::string_view shard_id) {
  const auto number = wire::kinesis::parse_shard_id(shard_id);
  if (!number)
    return Fault{ErrorType::resource_not_found,
                 "Could not find shard " + std::string(shard_id) + " " + in_stream(call, stream.name) + "."};
  ShardPtr shard = stream.shard(stream::ShardNumber(*number));
  if (!shard) return no_such_shard(call, stream.name, *number);
  return shard;
}

std::optional<Fault> check_place(const Call& call, const ShardPlace& place) {
  const bool has_number = place.sequence_number.has_value();
  if (by_number(place.type) != has_number)
    return Fault{
        ErrorType::invalid_argument,
        "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) "
        "TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified " +
            place.type + " and " + (has_number ? "also a StartingSequenceNumber." : "no StartingSequenceNumber.")};
  if (place.type != "AT_TIMESTAMP") return std::nullopt;
  if (!place.timestamp)
    return Fault{ErrorType::invalid_argument,
                 "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no "
                 "timestamp parameter."};
  const WallTime now = call.services.clock.wall_now();
  if (*place.timestamp > now)
    return Fault{
        ErrorType::invalid_argument,
        "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: " +
            std::to_string(to_millis(*place.timestamp)) +
            ", currentTimestampInMillis: " + std::to_string(to_millis(now))};
  return std::nullopt;
}

Task<std::variant<Offset, Fault>> offset_of_place(const Call& call, stream::StreamPtr stream, ShardPtr shard,
                                                  ShardPlace place) {
  Offset offset = shard->start_offset();
  if (by_number(place.type)) {
    auto number = read_number(call, *stream, *shard, *place.sequence_number);
    if (auto* fault = std::get_if<Fault>(&number)) co_return std::move(*fault);
    const SequenceNumber& given = std::get<SequenceNumber>(number);
    offset = offset_after(given);
    if (place.type == "AT_SEQUENCE_NUMBER") offset = co_await offset_at_number(call, shard, given);
  } else if (place.type == "LATEST") {
    offset = shard->end_offset();
  } else if (place.type == "AT_TIMESTAMP") {
    auto timed = co_await call.services.streams.offset_at(shard, *place.timestamp);
    if (!timed) co_return fault_of(timed.error());
    offset = *timed;
  }
  co_return std::clamp(offset, shard->start_offset(), shard->end_offset());
}

}  // namespace forebay::gateway::kinesis
