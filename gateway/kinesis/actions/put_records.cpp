// PutRecords: up to 500 records, each stored durably before the answer; never atomic across shards. When the stream has
// no room, every entry carries the error and FailedRecordCount counts them; with limits per shard, those over them do.
#include <algorithm>

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/put_common.h"
#include "gateway/kinesis/encryption.h"
#include "gateway/kinesis/put_records_answer.h"
#include "gateway/kinesis/throttle.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;

namespace {
std::uint64_t data_bytes(std::span<const stream::PutRecord> records) {
  std::uint64_t bytes = 0;
  for (const stream::PutRecord& record : records) bytes += record.data.size();
  return bytes;
}

std::string answer_text(Call& call, std::size_t records) {
  const std::size_t size = 64 + records * PutRecordsAnswer::kEntryBytes;
  std::string text = call.texts.take(size);
  text.clear();
  text.reserve(size);
  return text;
}

/// `outcomes` are those of the records that were not refused.
std::string merged(Call& call, const stream::Stream& stream, const std::vector<stream::PutOutcome>& outcomes,
                   const RefusedRecords& refused) {
  const std::size_t count = std::max(refused.size(), outcomes.size());
  std::string text = answer_text(call, count);
  PutRecordsAnswer answer(call.encoding, count - outcomes.size(), text);
  auto outcome = outcomes.begin();
  for (std::size_t i = 0; i < count; ++i) {
    if (!refused.empty() && refused[i]) {
      const Fault fault = write_throttled(call, stream, *refused[i]);
      answer.refused(wire::kinesis::row_of(fault.type).name, fault.message);
      continue;
    }
    const SequenceTexts::Texts texts = call.scratch.sequence_texts.of(*outcome++);
    answer.stored(texts.sequence_number, texts.shard_id);
  }
  answer.finish(encryption_type_of(stream));
  return text;
}

std::string all_failed(Call& call, std::size_t records, const Fault& fault) {
  std::string text = answer_text(call, records);
  PutRecordsAnswer answer(call.encoding, records, text);
  for (std::size_t i = 0; i < records; ++i) answer.refused(wire::kinesis::row_of(fault.type).name, fault.message);
  answer.finish();
  return text;
}
}  // namespace

Task<Reply> put_records(Call& call) {
  auto begun = co_await begin_put(call, PutKind::many);
  if (auto* fault = std::get_if<Fault>(&begun)) co_return std::move(*fault);
  const stream::StreamPtr stream = std::get<stream::StreamPtr>(std::move(begun));
  auto prepared = prepare_records(call, *stream);
  if (auto* fault = std::get_if<Fault>(&prepared)) co_return std::move(*fault);
  if (decoded_put(call).dry_run) co_return dry_run_fault();

  const std::size_t count = call.scratch.records.size();
  const RefusedRecords refused = throttle_records(call, *stream);
  const std::span<const stream::PutRecord> records(call.scratch.records);
  const std::size_t tried = records.size();
  call.services.metrics.put_failed.add(count - tried);
  const std::uint64_t bytes = refused.empty() ? std::get<std::uint64_t>(prepared) : data_bytes(records);
  const std::vector<stream::PutOutcome> none;
  if (tried == 0) co_return merged(call, *stream, none, refused);
  auto outcomes = co_await call.services.streams.put(stream, records);
  if (!outcomes && outcomes.error().code == Errc::no_space) {
    call.services.metrics.put_failed.add(tried);
    const Fault fault = put_fault(call, *stream, outcomes.error());
    co_return all_failed(call, count, fault);
  }
  if (!outcomes) co_return put_fault(call, *stream, outcomes.error());
  call.services.metrics.put_records.add(tried);
  call.services.metrics.put_bytes.add(bytes);
  co_return merged(call, *stream, *outcomes, refused);
}

}  // namespace forebay::gateway::kinesis
