// PutRecords: up to 500 records, each stored durably before the answer; never atomic across shards. When the stream has
// no room, every entry carries the error and FailedRecordCount counts them.
#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/put_common.h"
#include "wire/kinesis/json_text.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;

namespace {
constexpr std::size_t kEntryBytes = 130;  ///< of an answer, about

void append_outcomes(SequenceTexts& texts, const std::vector<stream::PutOutcome>& outcomes, std::string& json) {
  // Fluent Bit looks for these very bytes.
  json.append("{\"FailedRecordCount\":0,\"Records\":[");
  for (const stream::PutOutcome& outcome : outcomes) {
    const SequenceTexts::Texts text = texts.of(outcome);
    json.append("{\"SequenceNumber\":\"").append(text.sequence_number);
    json.append("\",\"ShardId\":\"").append(text.shard_id).append("\"},");
  }
  json.back() = ']';
  json.push_back('}');
}

std::string all_failed(std::size_t records, const Fault& fault) {
  std::string entry =
      "{\"ErrorCode\":\"" + std::string(wire::kinesis::row_of(fault.type).name) + "\",\"ErrorMessage\":";
  wire::kinesis::append_json_string(entry, fault.message);
  entry.append("},");
  std::string json = "{\"FailedRecordCount\":" + std::to_string(records) + ",\"Records\":[";
  for (std::size_t i = 0; i < records; ++i) json.append(entry);
  json.back() = ']';
  json.push_back('}');
  return json;
}
}  // namespace

Task<Reply> put_records(Call& call) {
  auto begun = co_await begin_put(call, PutKind::many);
  if (auto* fault = std::get_if<Fault>(&begun)) co_return std::move(*fault);
  const stream::StreamPtr stream = std::get<stream::StreamPtr>(std::move(begun));
  auto prepared = prepare_records(call, *stream);
  if (auto* fault = std::get_if<Fault>(&prepared)) co_return std::move(*fault);
  if (call.scratch.decoder.view().dry_run) co_return dry_run_fault();

  const std::span<const stream::PutRecord> records(call.scratch.records);
  const std::size_t count = records.size();
  auto outcomes = co_await call.services.streams.put(stream, records);
  if (!outcomes && outcomes.error().code == Errc::no_space) {
    call.services.metrics.put_failed.add(count);
    const Fault fault = put_fault(call, *stream, outcomes.error());
    co_return all_failed(count, fault);
  }
  if (!outcomes) co_return put_fault(call, *stream, outcomes.error());
  call.services.metrics.put_records.add(count);
  call.services.metrics.put_bytes.add(std::get<std::uint64_t>(prepared));
  std::string json = call.texts.take(count * kEntryBytes);
  json.clear();
  json.reserve(64 + count * kEntryBytes);
  append_outcomes(call.scratch.sequence_texts, *outcomes, json);
  co_return json;
}

}  // namespace forebay::gateway::kinesis
