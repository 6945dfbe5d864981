// Bodies decode into messages; wrong types give the service's own sentences (reference: kinesis 3.9).
#include "wire/kinesis/json_decode.h"

#include <gtest/gtest.h>

#include <random>

#include "wire/kinesis/shapes/create_stream.h"
#include "wire/kinesis/shapes/delete_stream.h"
#include "wire/kinesis/shapes/describe_limits.h"
#include "wire/kinesis/shapes/describe_stream.h"
#include "wire/kinesis/shapes/get_shard_iterator.h"
#include "wire/kinesis/shapes/list_shards.h"
#include "wire/kinesis/shapes/put_record.h"
#include "wire/kinesis/shapes/put_records.h"

namespace forebay::wire::kinesis {
namespace {

template <class Message>
Message decoded(std::string_view body) {
  Message message;
  auto fault = decode_json(body, message);
  EXPECT_FALSE(fault) << body << ": " << fault->message;
  return message;
}

template <class Message>
void expect_fault(std::string_view body, std::string_view text) {
  Message message;
  auto fault = decode_json(body, message);
  ASSERT_TRUE(fault) << body;
  EXPECT_EQ(fault->type, ErrorType::serialization);
  EXPECT_EQ(fault->message, text) << body;
}

TEST(JsonDecode, ReadsEveryTypeOfMember) {
  const auto create = decoded<CreateStreamRequest>(
      R"( {"StreamName" : "s1", "ShardCount":3,"StreamModeDetails":{"StreamMode":"PROVISIONED"},"Tags":{"a":"1",)"
      R"("b":""}} )");
  EXPECT_EQ(create.stream_name, "s1");
  EXPECT_EQ(create.shard_count, 3);
  EXPECT_EQ(create.stream_mode_details->stream_mode, "PROVISIONED");
  EXPECT_EQ(create.tags, (StringMap{{"a", "1"}, {"b", ""}}));
  EXPECT_FALSE(create.max_record_size_in_kib);
  EXPECT_EQ(decoded<DeleteStreamRequest>(R"({"EnforceConsumerDeletion":true})").enforce_consumer_deletion, true);
  const auto put = decoded<PutRecordsRequest>(
      R"({"Records":[{"Data":"aGk=","PartitionKey":"p"},{"Data":"","PartitionKey":"q","ExplicitHashKey":"0"}]})");
  ASSERT_EQ(put.records->size(), 2u);
  EXPECT_EQ(as_text(*put.records->at(0).data), "hi");
  EXPECT_TRUE(put.records->at(1).data->empty());
  EXPECT_EQ(put.records->at(1).explicit_hash_key, "0");
}

TEST(JsonDecode, TimestampsAreSecondsAndMillisecondsAreRecognised) {
  auto time = [](const std::string& number) {
    return to_millis(*decoded<GetShardIteratorRequest>("{\"Timestamp\":" + number + "}").timestamp);
  };
  EXPECT_EQ(time("1459799926.480"), 1459799926480);
  EXPECT_EQ(time("1459799926"), 1459799926000);
  EXPECT_EQ(time("1.459799926480e9"), 1459799926480);
  EXPECT_EQ(time("1459799926480"), 1459799926480);
  EXPECT_EQ(time("0"), 0);
  EXPECT_EQ(time("-1.5"), -1500);
  EXPECT_EQ(time("1e999"), 1'000'000'000'000'000);
}

TEST(JsonDecode, NumbersAreTruncatedAndClamped) {
  auto limit = [](const std::string& number) {
    return decoded<DescribeStreamRequest>("{\"Limit\":" + number + "}").limit;
  };
  EXPECT_EQ(limit("1.9"), 1);
  EXPECT_EQ(limit("-1.9"), -1);
  EXPECT_EQ(limit("2e3"), 2000);
  EXPECT_EQ(limit("2147483648"), 2147483647);
  EXPECT_EQ(limit("-99999999999999999999999"), -2147483648);
  EXPECT_EQ(limit("1e400"), 2147483647);
  EXPECT_EQ(limit("1e-400"), 0);
}

TEST(JsonDecode, UnknownMembersNullsAndEmptyBodiesAreTolerated) {
  const auto request = decoded<DescribeStreamRequest>(
      R"({"StreamId":5,"Other":{"a":[1,{"b":null}],"StreamName":"x"},"StreamName":null,"Limit":7})");
  EXPECT_FALSE(request.stream_name);
  EXPECT_EQ(request.limit, 7);
  EXPECT_EQ(decoded<DescribeStreamRequest>(""), DescribeStreamRequest{});
  EXPECT_EQ(decoded<DescribeLimitsRequest>("{}"), DescribeLimitsRequest{});
  EXPECT_EQ(decoded<DescribeStreamRequest>(R"({"StreamName":"a","StreamName":"b"})").stream_name, "b");
  EXPECT_EQ(decoded<DescribeStreamRequest>(R"({"StreamName":"a","StreamName":null})").stream_name, std::nullopt);
}

TEST(JsonDecode, StringsAreUnescaped) {
  auto name = [](std::string_view text) {
    return *decoded<DescribeStreamRequest>("{\"StreamName\":\"" + std::string(text) + "\"}").stream_name;
  };
  EXPECT_EQ(name(R"(a\"\\\/\b\f\n\r\t)"), "a\"\\/\b\f\n\r\t");
  EXPECT_EQ(name(R"(\u00e9\u20AC\ud83d\ude00)"), "é€😀");
  EXPECT_EQ(name(R"(\ud83dx)"), "\uFFFDx");
  EXPECT_EQ(name(R"(\ud83d\u0041)"),
            "\uFFFD"
            "A");
  EXPECT_EQ(name(R"(\ude00)"), "\uFFFD");
  EXPECT_EQ(decoded<DescribeStreamRequest>(R"({"Stream\u004eame":"x"})").stream_name, "x");
}

TEST(JsonDecode, BodiesThatAreNoObjectAreRefusedWithoutText) {
  for (const char* body : {"[]",
                           "1",
                           "null",
                           "\"x\"",
                           "{",
                           "}",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{,}",
                           "{\"a\":01}",
                           "{\"a\":1.}",
                           "{\"a\":.5}",
                           "{\"a\":1e}",
                           "{\"a\":+1}",
                           "{\"a\":tru}",
                           "{\"a\":[1,]}",
                           "{\"a\":[1 2]}",
                           "{\"a\":\"\n\"}",
                           "{\"a\":\"\\x\"}",
                           "{\"a\":\"\\u12g4\"}",
                           "{\"a\":\"\\u12",
                           "{\"a\":\"",
                           "{}{}",
                           "{} x",
                           "{a:1}",
                           "{'a':1}",
                           "{\"a\":1 \"b\":2}",
                           "{\"a\":\"\xff\"}",
                           "{\"a\":\"\xed\xa0\x80\"}"})
    expect_fault<DescribeStreamRequest>(body, "");
}

TEST(JsonDecode, NestingIsBounded) {
  std::string deep = "{\"a\":" + std::string(30, '[') + std::string(30, ']') + "}";
  EXPECT_EQ(decoded<DescribeStreamRequest>(deep), DescribeStreamRequest{});
  deep = "{\"a\":" + std::string(1'000'000, '[');
  expect_fault<DescribeStreamRequest>(deep, "");
}

TEST(JsonDecode, WrongTypesGiveTheServicesText) {
  const std::string number = "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to ";
  const std::string list = "Start of list found where not expected";
  const std::string object = "Start of structure or map found where not expected.";
  struct Case {
    const char* body;
    std::string text;
  };
  for (const Case& c :
       {Case{R"({"StreamName":true})", "class java.lang.Boolean can not be converted to an String"},
        {R"({"StreamName":5})", number + "an String"},
        {R"({"StreamName":[]})", list},
        {R"({"StreamName":{}})", object},
        {R"({"ShardCount":true})", "class java.lang.Boolean can not be converted to an Integer"},
        {R"({"ShardCount":"5"})", "class java.lang.String can not be converted to an Integer"},
        {R"({"ShardCount":[1]})", list},
        {R"({"ShardCount":{"a":1}})", object},
        {R"({"StreamModeDetails":"x"})", "Expected null"},
        {R"({"StreamModeDetails":5})", "Expected null"},
        {R"({"StreamModeDetails":[]})", list},
        {R"({"Tags":true})", "Expected map or null"},
        {R"({"Tags":[]})", list},
        {R"({"Tags":{"a":5}})", number + "an String"},
        {R"({"ShardCount":"first","StreamName":5})", "class java.lang.String can not be converted to an Integer"}})
    expect_fault<CreateStreamRequest>(c.body, c.text);
  expect_fault<DeleteStreamRequest>(R"({"EnforceConsumerDeletion":5})", number + "an Boolean");
  expect_fault<DeleteStreamRequest>(R"({"EnforceConsumerDeletion":"aBc"})", "'ABC' can not be converted to an Boolean");
  expect_fault<DeleteStreamRequest>(R"({"EnforceConsumerDeletion":[]})", list);
  expect_fault<GetShardIteratorRequest>(R"({"Timestamp":true})",
                                        "class java.lang.Boolean can not be converted to milliseconds since epoch");
  expect_fault<GetShardIteratorRequest>(R"({"Timestamp":"1"})",
                                        "class java.lang.String can not be converted to milliseconds since epoch");
  expect_fault<GetShardIteratorRequest>(R"({"Timestamp":{}})", object);
  expect_fault<PutRecordsRequest>(R"({"Records":"x"})", "Expected list or null");
  expect_fault<PutRecordsRequest>(R"({"Records":{}})", object);
  expect_fault<PutRecordsRequest>(R"({"Records":[5]})", "Expected null");
  expect_fault<PutRecordsRequest>(R"({"Records":[[]]})", list);
  expect_fault<ListShardsRequest>(R"({"ShardFilter":{"Type":5}})", number + "an String");
}

TEST(JsonDecode, MalformedBodyGoesBeforeWrongTypes) {
  expect_fault<CreateStreamRequest>(R"({"StreamName":5,"x":})", "");
}

TEST(JsonDecode, BadBlobsGiveTheServicesText) {
  auto put = [](const std::string& value) { return "{\"Data\":" + value + "}"; };
  expect_fault<PutRecordRequest>(put("true"), "class java.lang.Boolean can not be converted to a Blob");
  expect_fault<PutRecordRequest>(
      put("5"), "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to a Blob");
  expect_fault<PutRecordRequest>(put("[]"), "Start of list found where not expected");
  expect_fault<PutRecordRequest>(
      put("\"abc\""),
      "'abc' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 3");
  expect_fault<PutRecordRequest>(put("\"=+/=\""),
                                 "'=+/=' can not be converted to a Blob: Invalid Base64 character: '='");
  expect_fault<PutRecordRequest>(put("\"ab*d\""),
                                 "'ab*d' can not be converted to a Blob: Invalid Base64 character: '*'");
  expect_fault<PutRecordRequest>(put("\"a\u00e9==\""),
                                 "'aé==' can not be converted to a Blob: Base64 encoded length is "
                                 "expected a multiple of 4 bytes but found: 5");
  expect_fault<PutRecordRequest>(put("\"aé=\""), "'aé=' can not be converted to a Blob: Invalid Base64 character: 'é'");
  expect_fault<PutRecordRequest>(put("\"YQ=a\""),
                                 "'YQ=a' can not be converted to a Blob: Invalid Base64 character: '='");
  expect_fault<PutRecordRequest>(
      put("\"YR==\""), "'YR==' can not be converted to a Blob: Invalid last non-pad Base64 character dectected");
}

// Whatever the bytes are, decoding ends without reading outside (run under ASan).
TEST(JsonDecode, DamagedBodiesAreSurvived) {
  const std::string good =
      R"({"StreamName":"s1","ShardCount":12,"StreamModeDetails":{"StreamMode":"ON_DEMAND"},"Tags":{"k\u00e9":"v"},)"
      R"("x":[1,{}]})";
  std::mt19937_64 random(11);
  int refused = 0;
  for (int round = 0; round < 50'000; ++round) {
    std::string bad = good.substr(0, random() % 4 == 0 ? random() % good.size() : good.size());
    for (int i = 0; i < 2 && !bad.empty(); ++i) bad[random() % bad.size()] = static_cast<char>(random());
    CreateStreamRequest message;
    if (decode_json(bad, message)) ++refused;
  }
  EXPECT_GT(refused, 10'000);
}

}  // namespace
}  // namespace forebay::wire::kinesis
