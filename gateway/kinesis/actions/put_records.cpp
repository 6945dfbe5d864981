// PutRecords: up to 500 records, each stored durably before the answer; never atomic across shards. When the stream has
// no room, every entry carries the error and FailedRecordCount counts them.
#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/put_common.h"
#include "gateway/kinesis/put_records_answer.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;

namespace {
std::string answer_text(Call& call, std::size_t records) {
  const std::size_t size = 64 + records * PutRecordsAnswer::kEntryBytes;
  std::string text = call.texts.take(size);
  text.clear();
  text.reserve(size);
  return text;
}

std::string all_stored(Call& call, const std::vector<stream::PutOutcome>& outcomes) {
  std::string text = answer_text(call, outcomes.size());
  PutRecordsAnswer answer(call.encoding, 0, text);
  for (const stream::PutOutcome& outcome : outcomes) {
    const SequenceTexts::Texts texts = call.scratch.sequence_texts.of(outcome);
    answer.stored(texts.sequence_number, texts.shard_id);
  }
  answer.finish();
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

  const std::span<const stream::PutRecord> records(call.scratch.records);
  const std::size_t count = records.size();
  auto outcomes = co_await call.services.streams.put(stream, records);
  if (!outcomes && outcomes.error().code == Errc::no_space) {
    call.services.metrics.put_failed.add(count);
    const Fault fault = put_fault(call, *stream, outcomes.error());
    co_return all_failed(call, count, fault);
  }
  if (!outcomes) co_return put_fault(call, *stream, outcomes.error());
  call.services.metrics.put_records.add(count);
  call.services.metrics.put_bytes.add(std::get<std::uint64_t>(prepared));
  co_return all_stored(call, *outcomes);
}

}  // namespace forebay::gateway::kinesis
