// The answer written entry by entry has the bytes its description gives.
#include "gateway/kinesis/put_records_answer.h"

#include <gtest/gtest.h>

#include "wire/kinesis/cbor_encode.h"
#include "wire/kinesis/json_encode.h"
#include "wire/kinesis/shapes/put_records.h"

namespace forebay::gateway::kinesis {
namespace {
using wire::kinesis::PutRecordsResponse;

PutRecordsResponse response(bool encrypted) {
  PutRecordsResponse response;
  response.failed_record_count = 1;
  response.records.resize(3);
  response.records[0].sequence_number = "49670459154850102615887004099491943048003734358282207234";
  response.records[0].shard_id = "shardId-000000000000";
  response.records[1].error_code = "InternalFailure";
  response.records[1].error_message = "A \"quoted\" text of more than twenty-three bytes";
  response.records[2].sequence_number = "1";
  response.records[2].shard_id = "shardId-000000000001";
  if (encrypted) response.encryption_type = "KMS";
  return response;
}

std::string written(Encoding encoding, const PutRecordsResponse& response) {
  std::string out = "before";
  PutRecordsAnswer answer(encoding, static_cast<std::size_t>(response.failed_record_count), out);
  for (const auto& entry : response.records) {
    if (entry.error_code)
      answer.refused(*entry.error_code, *entry.error_message);
    else
      answer.stored(*entry.sequence_number, *entry.shard_id);
  }
  answer.finish(response.encryption_type.value_or(""));
  return out;
}

TEST(PutRecordsAnswer, HasTheBytesOfItsDescription) {
  for (const bool encrypted : {false, true}) {
    EXPECT_EQ(written(Encoding::json, response(encrypted)), "before" + wire::kinesis::to_json(response(encrypted)));
    EXPECT_EQ(written(Encoding::cbor, response(encrypted)), "before" + wire::kinesis::to_cbor(response(encrypted)));
  }
}

}  // namespace
}  // namespace forebay::gateway::kinesis
