// PutRecord: one record of up to 1,024,000 bytes, stored durably before the answer.
#include "wire/firehose/shapes/put_record.h"

#include "gateway/firehose/actions/actions.h"
#include "gateway/firehose/call_codec.h"
#include "gateway/firehose/direct_put.h"
#include "gateway/firehose/encryption.h"
#include "gateway/firehose/record_id.h"

namespace forebay::gateway::firehose {
using wire::firehose::PutRecordRequest;
using wire::firehose::PutRecordResponse;
using wire::kinesis::Fault;

Task<Reply> put_record(Call& call) {
  auto decoded = decode_call<PutRecordRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<PutRecordRequest>(decoded);
  auto found = find_put_stream(call, *request.name);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  stream::StreamPtr stream = std::get<stream::StreamPtr>(std::move(found));
  PutRecordResponse response;
  response.encrypted = is_encrypted(*stream);
  std::vector<ByteView> data(1, *request.record->data);
  auto done = co_await put_all(call, std::move(stream), std::move(data));
  if (!done) co_return put_fault(call, *request.name, done.error());
  response.record_id = new_record_id(call.scratch.ids);
  co_return encode_answer(response);
}

}  // namespace forebay::gateway::firehose
