// PutRecordBatch: up to 500 records of together up to 4 MiB, stored durably before the answer. When there is no room
// for them, every entry carries the error and FailedPutCount counts them.
#include "wire/firehose/shapes/put_record_batch.h"

#include "gateway/firehose/actions/actions.h"
#include "gateway/firehose/call_codec.h"
#include "gateway/firehose/direct_put.h"
#include "gateway/firehose/encryption.h"
#include "gateway/firehose/record_id.h"

namespace forebay::gateway::firehose {
using wire::firehose::PutRecordBatchRequest;
using wire::firehose::PutRecordBatchResponse;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
constexpr std::uint64_t kBatchBytesMax = 4u << 20;

std::variant<std::vector<ByteView>, Fault> data_of(const PutRecordBatchRequest& request) {
  std::vector<ByteView> data;
  std::uint64_t bytes = 0;
  for (const auto& record : *request.records) {
    data.emplace_back(*record.data);
    bytes += record.data->size();
  }
  if (bytes <= kBatchBytesMax) return data;
  return Fault{ErrorType::invalid_argument,
               "The records of one batch have " + std::to_string(bytes) + " bytes; at most 4194304 are taken."};
}

std::string stored_answer(Call& call, std::size_t records, bool encrypted) {
  PutRecordBatchResponse response;
  response.encrypted = encrypted;
  for (std::size_t i = 0; i < records; ++i)
    response.request_responses.emplace_back().record_id = new_record_id(call.scratch.ids);
  return encode_answer(response);
}

std::string refused_answer(std::size_t records, const Fault& fault) {
  PutRecordBatchResponse response;
  response.failed_put_count = static_cast<std::int32_t>(records);
  for (std::size_t i = 0; i < records; ++i) {
    auto& entry = response.request_responses.emplace_back();
    entry.error_code = wire::kinesis::row_of(fault.type).name;
    entry.error_message = fault.message;
  }
  return encode_answer(response);
}
}  // namespace

Task<Reply> put_record_batch(Call& call) {
  auto decoded = decode_call<PutRecordBatchRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<PutRecordBatchRequest>(decoded);
  auto found = find_put_stream(call, *request.name);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  auto taken = data_of(request);
  if (auto* fault = std::get_if<Fault>(&taken)) co_return std::move(*fault);
  stream::StreamPtr stream = std::get<stream::StreamPtr>(std::move(found));
  std::vector<ByteView> data = std::get<std::vector<ByteView>>(std::move(taken));
  const std::size_t count = data.size();
  const bool encrypted = is_encrypted(*stream);
  auto done = co_await put_all(call, std::move(stream), std::move(data));
  if (done) co_return stored_answer(call, count, encrypted);
  const Fault fault = put_fault(call, *request.name, done.error());
  if (done.error().code != Errc::no_space) co_return fault;
  call.services.metrics.put_failed.add(count);
  co_return refused_answer(count, fault);
}

}  // namespace forebay::gateway::firehose
