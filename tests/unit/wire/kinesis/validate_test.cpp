// Violated constraints are collected in the service's own sentences (reference: kinesis 3.9).
#include "wire/kinesis/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/kinesis/json_decode.h"
#include "wire/kinesis/shapes/create_stream.h"
#include "wire/kinesis/shapes/describe_stream.h"
#include "wire/kinesis/shapes/get_records.h"
#include "wire/kinesis/shapes/get_shard_iterator.h"
#include "wire/kinesis/shapes/list_shards.h"
#include "wire/kinesis/shapes/put_record.h"
#include "wire/kinesis/shapes/put_records.h"

namespace forebay::wire::kinesis {
namespace {

template <class Message>
std::string fault_of(std::string_view body) {
  auto result = decode_request<Message>(body);
  if (std::holds_alternative<Message>(result)) return "";
  const Fault& fault = std::get<Fault>(result);
  EXPECT_EQ(fault.type, ErrorType::validation);
  return fault.message;
}

TEST(Validate, MissingMembers) {
  EXPECT_EQ(
      fault_of<CreateStreamRequest>("{}"),
      "1 validation error detected: Value null at 'streamName' failed to satisfy constraint: Member must not be null");
  EXPECT_EQ(
      fault_of<GetShardIteratorRequest>("{}"),
      "2 validation errors detected: Value null at 'shardId' failed to satisfy constraint: Member must not be null; "
      "Value null at 'shardIteratorType' failed to satisfy constraint: Member must not be null");
  EXPECT_EQ(fault_of<DescribeStreamRequest>("{}"), "") << "the front asks for StreamName or StreamARN";
}

TEST(Validate, NamesLengthsAndPatterns) {
  EXPECT_EQ(
      fault_of<DescribeStreamRequest>(R"({"StreamName":""})"),
      "2 validation errors detected: Value '' at 'streamName' failed to satisfy constraint: Member must satisfy "
      "regular "
      "expression pattern: [a-zA-Z0-9_.-]+; Value '' at 'streamName' failed to satisfy constraint: Member must have "
      "length greater than or equal to 1");
  const std::string name(129, 'a');
  EXPECT_EQ(fault_of<DescribeStreamRequest>("{\"StreamName\":\"" + name + "\"}"),
            "1 validation error detected: Value '" + name +
                "' at 'streamName' failed to satisfy constraint: Member must have length less than or equal to 128");
  EXPECT_EQ(fault_of<DescribeStreamRequest>("{\"StreamName\":\"" + name.substr(1) + "\"}"), "");
  EXPECT_EQ(fault_of<DescribeStreamRequest>(R"({"StreamARN":"arn:aws:kinesis:us-east-1:000000000000:stream/s"})"), "");
  for (const char* bad :
       {"arn:aws:kinesis:us-east-1:00000000000:stream/s", "arn:aws:kinesis:us-east-1:000000000000:stream/",
        "arn:aws:kinesis:us-east-1:000000000000:stream/a b", "arn:gcp:kinesis:r:000000000000:stream/s",
        "arn:aws:firehose:r:000000000000:stream/s", "arn:aws:kinesis:0:stream/s"})
    EXPECT_THAT(
        fault_of<DescribeStreamRequest>("{\"StreamARN\":\"" + std::string(bad) + "\"}"),
        ::testing::HasSubstr(
            R"(at 'streamARN' failed to satisfy constraint: Member must satisfy regular expression pattern: )"
            R"(arn:aws.*:kinesis:.*:\d{12}:stream/\S+)"))
        << bad;
}

TEST(Validate, RangesOfNumbers) {
  EXPECT_EQ(
      fault_of<DescribeStreamRequest>(R"({"StreamName":"a","Limit":0})"),
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater "
      "than or equal to 1");
  EXPECT_EQ(
      fault_of<DescribeStreamRequest>(R"({"StreamName":"a","Limit":10001})"),
      "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less "
      "than or equal to 10000");
  EXPECT_EQ(
      fault_of<CreateStreamRequest>(R"({"StreamName":"a","MaxRecordSizeInKiB":1023})"),
      "1 validation error detected: Value '1023' at 'maxRecordSizeInKiB' failed to satisfy constraint: Member must "
      "have value greater than or equal to 1024");
}

TEST(Validate, EnumerationsPrintTheirSet) {
  EXPECT_EQ(
      fault_of<GetShardIteratorRequest>(R"({"ShardId":"a","ShardIteratorType":"x"})"),
      "1 validation error detected: Value 'x' at 'shardIteratorType' failed to satisfy constraint: Member must satisfy "
      "enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER, TRIM_HORIZON]");
  EXPECT_EQ(
      fault_of<CreateStreamRequest>(R"({"StreamName":"a","StreamModeDetails":{}})"),
      "1 validation error detected: Value null at 'streamModeDetails.streamMode' failed to satisfy constraint: Member "
      "must not be null");
  EXPECT_THAT(fault_of<ListShardsRequest>(R"({"ShardFilter":{"Type":"x"}})"),
              ::testing::HasSubstr("Value 'x' at 'shardFilter.type' failed"));
}

TEST(Validate, HashKeysAndSequenceNumbers) {
  EXPECT_EQ(
      fault_of<PutRecordRequest>(R"({"StreamName":"a","Data":"","PartitionKey":"p","ExplicitHashKey":"01"})"),
      "1 validation error detected: Value '01' at 'explicitHashKey' failed to satisfy constraint: Member must satisfy "
      R"(regular expression pattern: 0|([1-9]\d{0,38}))");
  EXPECT_EQ(
      fault_of<PutRecordRequest>(R"({"StreamName":"a","Data":"","PartitionKey":"p","SequenceNumberForOrdering":""})"),
      "1 validation error detected: Value '' at 'sequenceNumberForOrdering' failed to satisfy constraint: Member must "
      R"(satisfy regular expression pattern: 0|([1-9]\d{0,128}))");
}

TEST(Validate, RecordsAndTheirPaths) {
  EXPECT_EQ(
      fault_of<PutRecordsRequest>(R"({"StreamName":"a","Records":[]})"),
      "1 validation error detected: Value '[]' at 'records' failed to satisfy constraint: Member must have length "
      "greater than or equal to 1");
  EXPECT_EQ(
      fault_of<PutRecordsRequest>(R"({"StreamName":"a","Records":[{"Data":"aGk=","PartitionKey":"p"},{}]})"),
      "2 validation errors detected: Value null at 'records.2.member.data' failed to satisfy constraint: Member must "
      "not be null; Value null at 'records.2.member.partitionKey' failed to satisfy constraint: Member must not be "
      "null");
  std::string body = R"({"StreamName":"a","Records":[{"Data":"","PartitionKey":"p"})";
  for (int i = 1; i < 501; ++i) body += R"(,{"Data":"","PartitionKey":"p"})";
  const std::string text = fault_of<PutRecordsRequest>(body + "]}");
  EXPECT_THAT(
      text, ::testing::StartsWith("1 validation error detected: Value "
                                  "'[com.amazonaws.kinesis.v20131202.PutRecordsRequestEntry@00000000, com.amazonaws."));
  EXPECT_THAT(text,
              ::testing::EndsWith("]' at 'records' failed to satisfy constraint: Member must have length less than or "
                                  "equal to 500"));
}

TEST(Validate, PartitionKeysCountCharactersAndBlobsBytes) {
  std::string key;
  for (int i = 0; i < 256; ++i) key += "é";
  auto put = [](const std::string& k, const std::string& data) {
    return "{\"StreamName\":\"a\",\"Data\":\"" + data + "\",\"PartitionKey\":\"" + k + "\"}";
  };
  EXPECT_EQ(fault_of<PutRecordRequest>(put(key, "")), "");
  EXPECT_THAT(
      fault_of<PutRecordRequest>(put(key + "x", "")),
      ::testing::HasSubstr("at 'partitionKey' failed to satisfy constraint: Member must have length less than or "
                           "equal to 256"));
  const std::string most(static_cast<std::size_t>(kDataBytesMax + 2) / 3 * 4, 'A');
  EXPECT_EQ(
      fault_of<PutRecordRequest>(put("p", most + "AAAA")),
      "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=10485765 cap=10485765]' at 'data' failed "
      "to satisfy constraint: Member must have length less than or equal to 10485760");
}

TEST(Validate, TagsCheckCountsKeysAndValues) {
  EXPECT_EQ(
      fault_of<CreateStreamRequest>(R"({"StreamName":"a","Tags":{}})"),
      "1 validation error detected: Value '{}' at 'tags' failed to satisfy constraint: Member must have length greater "
      "than or equal to 1");
  EXPECT_EQ(
      fault_of<CreateStreamRequest>(R"({"StreamName":"a","Tags":{"":"v","k":"w"}})"),
      "1 validation error detected: Value '{=v, k=w}' at 'tags' failed to satisfy constraint: Map keys must satisfy "
      "constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal "
      "to 1]");
  const std::string value(257, 'v');
  EXPECT_EQ(
      fault_of<CreateStreamRequest>("{\"StreamName\":\"a\",\"Tags\":{\"k\":\"" + value + "\"}}"),
      "1 validation error detected: Value '{k=" + value +
          "}' at 'tags' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less "
          "than or equal to 256, Member must have length greater than or equal to 0]");
}

TEST(Validate, AtMostTenViolationsAreReported) {
  std::string body = R"({"Records":[{})";
  for (int i = 1; i < 20; ++i) body += ",{}";
  EXPECT_THAT(fault_of<PutRecordsRequest>(body + "]}"), ::testing::StartsWith("10 validation errors detected: "));
}

TEST(Validate, LongValuesAreCut) {
  const std::string token(600, 'x');
  EXPECT_EQ(fault_of<GetRecordsRequest>("{\"ShardIterator\":\"" + token + "\"}"),
            "1 validation error detected: Value '" + token +
                "' at 'shardIterator' failed to satisfy constraint: Member must have length less than or equal to 512");
  const std::string huge(3 << 20, 'x');
  EXPECT_LT(fault_of<GetRecordsRequest>("{\"ShardIterator\":\"" + huge + "\"}").size(), 70'000u);
}

}  // namespace
}  // namespace forebay::wire::kinesis
