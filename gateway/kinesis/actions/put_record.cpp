// PutRecord: stored durably before the answer. SequenceNumberForOrdering is checked; order is by arrival.
#include "wire/kinesis/shapes/put_record.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/put_common.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/encryption.h"
#include "gateway/kinesis/sequence.h"
#include "gateway/kinesis/throttle.h"
#include "wire/kinesis/shard_id.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
/// The number must be one this stream has given out.
std::optional<Fault> check_ordering(const Call& call, const stream::Stream& stream, std::string_view text) {
  const auto number = wire::kinesis::parse_sequence_number(text);
  if (number) {
    const auto shard = stream.shard(stream::ShardNumber(number->shard));
    if (shard && epoch_seconds(shard->created) == number->created_s && offset_after(*number) <= shard->end_offset())
      return std::nullopt;
  }
  return Fault{ErrorType::invalid_argument, "ExclusiveMinimumSequenceNumber " + std::string(text) +
                                                " used in PutRecord on stream " + stream.name + " under account " +
                                                call.account + " is invalid."};
}
}  // namespace

Task<Reply> put_record(Call& call) {
  auto begun = co_await begin_put(call, PutKind::one);
  if (auto* fault = std::get_if<Fault>(&begun)) co_return std::move(*fault);
  const stream::StreamPtr stream = std::get<stream::StreamPtr>(std::move(begun));
  const wire::kinesis::PutView& view = decoded_put(call);
  if (view.sequence_number_for_ordering)
    if (auto fault = check_ordering(call, *stream, *view.sequence_number_for_ordering)) co_return *std::move(fault);
  auto prepared = prepare_records(call, *stream);
  if (auto* fault = std::get_if<Fault>(&prepared)) co_return std::move(*fault);
  if (view.dry_run) co_return dry_run_fault();
  const RefusedRecords refused = throttle_records(call, *stream);
  if (!refused.empty()) co_return write_throttled(call, *stream, *refused.front());

  const std::span<const stream::PutRecord> records(call.scratch.records);
  auto outcomes = co_await call.services.streams.put(stream, records);
  if (!outcomes) co_return put_fault(call, *stream, outcomes.error());
  const stream::PutOutcome& outcome = outcomes->front();
  call.services.metrics.put_records.add();
  call.services.metrics.put_bytes.add(std::get<std::uint64_t>(prepared));
  wire::kinesis::PutRecordResponse response;
  response.shard_id = wire::kinesis::to_shard_id(outcome.shard.value());
  append_decimal(record_number(outcome.shard_created, outcome.shard, outcome.offset, outcome.arrival),
                 response.sequence_number);
  if (const std::string_view type = encryption_type_of(*stream); !type.empty()) response.encryption_type = type;
  co_return encode_answer(call, response);
}

}  // namespace forebay::gateway::kinesis
