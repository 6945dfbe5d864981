// CBOR bodies decode into the same messages and give the same sentences as JSON (reference: kinesis 1.3 and 3.9).
#include "wire/kinesis/cbor_decode.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/wire/kinesis/cbor_bytes.h"
#include "wire/kinesis/shapes/create_stream.h"
#include "wire/kinesis/shapes/delete_stream.h"
#include "wire/kinesis/shapes/describe_stream.h"
#include "wire/kinesis/shapes/get_shard_iterator.h"
#include "wire/kinesis/shapes/list_shards.h"
#include "wire/kinesis/shapes/put_record.h"
#include "wire/kinesis/shapes/put_records.h"

namespace forebay::wire::kinesis {
namespace {

using test::cbor_of;
using test::from_hex;

template <class Message>
Message decoded(const Buffer& body) {
  Message message;
  auto fault = decode_cbor(body, message);
  EXPECT_FALSE(fault) << fault->message;
  return message;
}

template <class Message>
void expect_fault(const Buffer& body, std::string_view text) {
  Message message;
  auto fault = decode_cbor(body, message);
  ASSERT_TRUE(fault) << text;
  EXPECT_EQ(fault->type, ErrorType::serialization);
  EXPECT_EQ(fault->message, text);
}

/// A map of one member whose value is given in hex.
Buffer member(std::string_view name, std::string_view value_hex) {
  Buffer out = from_hex("a1");
  out.push_back(static_cast<std::uint8_t>(0x60 + name.size()));
  append(out, as_bytes(name));
  append(out, from_hex(value_hex));
  return out;
}

TEST(CborDecode, ReadsEveryTypeOfMember) {
  const auto create = decoded<CreateStreamRequest>(
      cbor_of(R"({"StreamName":"s1","ShardCount":3,"StreamModeDetails":{"StreamMode":"PROVISIONED"},
                  "Tags":{"a":"1","b":"é"},"WarmThroughputMiBps":70000})"));
  EXPECT_EQ(create.stream_name, "s1");
  EXPECT_EQ(create.shard_count, 3);
  EXPECT_EQ(create.stream_mode_details->stream_mode, "PROVISIONED");
  EXPECT_EQ(create.tags, (StringMap{{"a", "1"}, {"b", "é"}}));
  EXPECT_EQ(create.warm_throughput_mibps, 70000);
  EXPECT_FALSE(create.max_record_size_in_kib);
  EXPECT_EQ(decoded<DeleteStreamRequest>(cbor_of(R"({"EnforceConsumerDeletion":true})")).enforce_consumer_deletion,
            true);
  const auto put = decoded<PutRecordsRequest>(nlohmann::json::to_cbor(
      {{"Records", {{{"Data", test::blob("hi")}, {"PartitionKey", "p"}}, {{"Data", test::blob("")}}}}}));
  ASSERT_EQ(put.records->size(), 2u);
  EXPECT_EQ(as_text(*put.records->at(0).data), "hi");
  EXPECT_EQ(put.records->at(0).partition_key, "p");
  EXPECT_TRUE(put.records->at(1).data->empty());
  EXPECT_FALSE(put.records->at(1).partition_key);
}

// Golden bytes of the reference, section 10.
TEST(CborDecode, TimestampsAreTaggedMilliseconds) {
  auto time = [](std::string_view hex) {
    return to_millis(*decoded<GetShardIteratorRequest>(member("Timestamp", hex)).timestamp);
  };
  EXPECT_EQ(time("c1 1b 00 00 01 8b cf e5 68 7b"), 1'700'000'000'123);
  EXPECT_EQ(time("1b 00 00 01 8b cf e5 68 7b"), 1'700'000'000'123) << "without the tag";
  EXPECT_EQ(time("c1 1a 00 0f 42 40"), 1'000'000) << "small numbers are milliseconds too";
  EXPECT_EQ(time("c1 00"), 0);
  EXPECT_EQ(time("c1 39 05 db"), -1500);
  EXPECT_EQ(time("c1 fb 41 d9 54 fc 40 00 00 00"), 1'700'000'000'000) << "a float is seconds (RFC 8949)";
  EXPECT_EQ(time("c1 1b ff ff ff ff ff ff ff ff"), 1'000'000'000'000'000);
  EXPECT_EQ(time("f9 7e 00"), 0) << "not a number";
  EXPECT_EQ(time("fb 7f f0 00 00 00 00 00 00"), 1'000'000'000'000'000) << "infinite";
}

TEST(CborDecode, BlobsAreByteStringsInOnePieceOrMany) {
  auto data = [](std::string_view hex) {
    return std::string(as_text(*decoded<PutRecordRequest>(member("Data", hex)).data));
  };
  EXPECT_EQ(data("42 68 69"), "hi");
  EXPECT_EQ(data("40"), "");
  EXPECT_EQ(data("58 02 68 69"), "hi") << "a longer length than needed";
  EXPECT_EQ(data("5f 41 68 40 41 69 ff"), "hi");
  EXPECT_EQ(data("5f ff"), "");
}

TEST(CborDecode, IndefiniteLengthsMeanTheSame) {
  // {_ "StreamName": (_ "s", "1"), "Tags": {_ "a": "1"}, "StreamModeDetails": {_ "StreamMode": "ON_DEMAND"}}
  Buffer body = from_hex("bf 6a");
  append(body, as_bytes("StreamName"));
  append(body, from_hex("7f 61 73 61 31 ff 64"));
  append(body, as_bytes("Tags"));
  append(body, from_hex("bf 61 61 61 31 ff 7f 66"));
  append(body, as_bytes("Stream"));
  append(body, from_hex("6b"));
  append(body, as_bytes("ModeDetails"));
  append(body, from_hex("ff bf 6a"));
  append(body, as_bytes("StreamMode"));
  append(body, from_hex("69"));
  append(body, as_bytes("ON_DEMAND"));
  append(body, from_hex("ff ff"));
  const auto create = decoded<CreateStreamRequest>(body);
  EXPECT_EQ(create.stream_name, "s1");
  EXPECT_EQ(create.tags, (StringMap{{"a", "1"}}));
  EXPECT_EQ(create.stream_mode_details->stream_mode, "ON_DEMAND");
  EXPECT_EQ(decoded<PutRecordsRequest>(member("Records", "9f a0 bf ff ff")).records->size(), 2u);
}

TEST(CborDecode, NumbersAreTruncatedAndClamped) {
  auto limit = [](std::string_view hex) { return decoded<DescribeStreamRequest>(member("Limit", hex)).limit; };
  EXPECT_EQ(limit("07"), 7);
  EXPECT_EQ(limit("18 64"), 100);
  EXPECT_EQ(limit("19 27 10"), 10'000);
  EXPECT_EQ(limit("20"), -1);
  EXPECT_EQ(limit("1a ff ff ff ff"), 2'147'483'647);
  EXPECT_EQ(limit("1b ff ff ff ff ff ff ff ff"), 2'147'483'647);
  EXPECT_EQ(limit("3b ff ff ff ff ff ff ff ff"), -2'147'483'648);
  EXPECT_EQ(limit("f9 3e 00"), 1) << "1.5 in two bytes";
  EXPECT_EQ(limit("f9 bf 80"), -1) << "-1.875 in two bytes";
  EXPECT_EQ(limit("f9 00 01"), 0) << "the smallest in two bytes";
  EXPECT_EQ(limit("fa 40 60 00 00"), 3) << "3.5 in four bytes";
  EXPECT_EQ(limit("fb 42 00 00 00 00 00 00 00"), 2'147'483'647) << "2^33 in eight bytes";
  EXPECT_EQ(limit("f9 7c 00"), 2'147'483'647);
  EXPECT_EQ(limit("f9 fc 00"), -2'147'483'648);
  EXPECT_EQ(limit("f9 7e 00"), 0);
}

TEST(CborDecode, UnknownMembersNullsTagsAndEmptyBodiesAreTolerated) {
  EXPECT_EQ(decoded<DescribeStreamRequest>(
                cbor_of(R"({"StreamId":5,"Other":{"a":[1,{"b":null}],"StreamName":"x"},"StreamName":null,"Limit":7})")),
            (DescribeStreamRequest{{}, 7, {}, {}}));
  EXPECT_EQ(decoded<DescribeStreamRequest>({}), DescribeStreamRequest{});
  EXPECT_EQ(decoded<DescribeStreamRequest>(from_hex("a0")), DescribeStreamRequest{});
  EXPECT_EQ(decoded<DescribeStreamRequest>(from_hex("d9 d9 f7 bf ff")), DescribeStreamRequest{}) << "marked as CBOR";
  EXPECT_EQ(decoded<DescribeStreamRequest>(member("Limit", "f7")), DescribeStreamRequest{}) << "undefined";
  EXPECT_EQ(decoded<DescribeStreamRequest>(member("Limit", "d8 64 c6 07")).limit, 7) << "other tags";
  // Keys of an unknown member may be of any kind: {"a": {1: h'00', [2]: 1.5, null: (_ "x")}}
  EXPECT_EQ(decoded<DescribeStreamRequest>(member("a", "a3 01 41 00 81 02 f9 3e 00 f6 7f 61 78 ff")),
            DescribeStreamRequest{});
  Buffer twice = from_hex("a2 65");
  append(twice, as_bytes("Limit"));
  append(twice, from_hex("01 65"));
  append(twice, as_bytes("Limit"));
  twice.push_back(0x02);
  EXPECT_EQ(decoded<DescribeStreamRequest>(twice).limit, 2) << "the last one counts";
}

TEST(CborDecode, BodiesThatAreNoMapAreRefusedWithoutText) {
  for (const char* hex : {"80",
                          "01",
                          "f6",
                          "61 78",
                          "a1",
                          "a1 61 61",
                          "a1 01 02",              // a key that is no text
                          "a1 61 61 1c",           // reserved lengths
                          "a1 61 61 1d",           //
                          "a1 61 61 1e",           //
                          "a1 61 61 1f",           // an integer of indefinite length
                          "a1 61 61 df",           // a tag of indefinite length
                          "a1 61 61 c1",           // a tag of nothing
                          "a1 61 61 e0",           // simple values without a meaning
                          "a1 61 61 f8 20",        //
                          "a1 61 61 ff",           // a break where a value belongs
                          "bf 61 61 ff",           // a break after a key
                          "bf 61 61 01",           // no break
                          "bf c1 ff",              // a tagged break
                          "a1 61 61 18",           // lengths cut off
                          "a1 61 61 19 01",        //
                          "a1 61 61 42 00",        // strings cut off
                          "a1 61 61 5f 41",        //
                          "a1 61 61 5f 61 61 ff",  // a chunk of another kind
                          "a1 61 61 5f 5f ff ff",  // chunks in chunks
                          "a1 61 61 7f 41 61 ff",
                          "a1 61 61 82 01",
                          "a1 61 61 9f 01",
                          "a1 62 61 ff 01",  // a key that is no UTF-8
                          "a0 a0",
                          "a0 00",
                          "bb ff ff ff ff ff ff ff ff",
                          "a1 61 61 9b ff ff ff ff ff ff ff ff",
                          "a1 61 61 5b ff ff ff ff ff ff ff ff",
                          "a1 61 61 7b 7f ff ff ff ff ff ff ff"}) {
    SCOPED_TRACE(hex);
    expect_fault<DescribeStreamRequest>(from_hex(hex), "");
  }
  expect_fault<DescribeStreamRequest>(member("StreamName", "62 c3 28"), "");
}

TEST(CborDecode, NestingIsBounded) {
  auto nested = [](std::string_view open, std::size_t depth) {
    Buffer body = from_hex("a1 61 61");
    for (std::size_t i = 0; i < depth; ++i) append(body, from_hex(open));
    body.push_back(0x00);
    return body;
  };
  EXPECT_EQ(decoded<DescribeStreamRequest>(nested("81", 31)), DescribeStreamRequest{});
  expect_fault<DescribeStreamRequest>(nested("81", 32), "");
  expect_fault<DescribeStreamRequest>(nested("81", 1'000'000), "");
  expect_fault<DescribeStreamRequest>(nested("9f", 1'000'000), "");
  expect_fault<DescribeStreamRequest>(nested("a1 61 61", 1'000'000), "");
  EXPECT_EQ(decoded<DescribeStreamRequest>(nested("c6", 1'000'000)), DescribeStreamRequest{}) << "tags do not nest";
}

TEST(CborDecode, ElementsAreBounded) {
  Buffer body = from_hex("a1 67");
  append(body, as_bytes("Records"));
  append(body, from_hex("9a 00 0f 42 40"));
  body.insert(body.end(), 1'000'000, 0xa0);
  EXPECT_EQ(decoded<PutRecordsRequest>(body).records->size(), CborValueDecoder::kElementsKept);
}

TEST(CborDecode, WrongTypesGiveTheServicesText) {
  const std::string number = "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to ";
  const std::string list = "Start of list found where not expected";
  const std::string object = "Start of structure or map found where not expected.";
  struct Case {
    const char* body;
    std::string text;
  };
  for (const Case& c : {Case{R"({"StreamName":true})", "class java.lang.Boolean can not be converted to an String"},
                        {R"({"StreamName":5})", number + "an String"},
                        {R"({"StreamName":5.5})", number + "an String"},
                        {R"({"StreamName":[]})", list},
                        {R"({"StreamName":{}})", object},
                        {R"({"ShardCount":true})", "class java.lang.Boolean can not be converted to an Integer"},
                        {R"({"ShardCount":"5"})", "class java.lang.String can not be converted to an Integer"},
                        {R"({"ShardCount":[1]})", list},
                        {R"({"ShardCount":{"a":1}})", object},
                        {R"({"StreamModeDetails":"x"})", "Expected null"},
                        {R"({"StreamModeDetails":[]})", list},
                        {R"({"Tags":true})", "Expected map or null"},
                        {R"({"Tags":{"a":5}})", number + "an String"}}) {
    SCOPED_TRACE(c.body);
    expect_fault<CreateStreamRequest>(cbor_of(c.body), c.text);
  }
  expect_fault<DeleteStreamRequest>(cbor_of(R"({"EnforceConsumerDeletion":5})"), number + "an Boolean");
  expect_fault<DeleteStreamRequest>(cbor_of(R"({"EnforceConsumerDeletion":"aBc"})"),
                                    "'ABC' can not be converted to an Boolean");
  expect_fault<GetShardIteratorRequest>(cbor_of(R"({"Timestamp":"1"})"),
                                        "class java.lang.String can not be converted to milliseconds since epoch");
  expect_fault<PutRecordsRequest>(cbor_of(R"({"Records":"x"})"), "Expected list or null");
  expect_fault<PutRecordsRequest>(cbor_of(R"({"Records":[5]})"), "Expected null");
  expect_fault<ListShardsRequest>(cbor_of(R"({"ShardFilter":{"Type":5}})"), number + "an String");
  expect_fault<PutRecordRequest>(cbor_of(R"({"Data":"aGk="})"),
                                 "class java.lang.String can not be converted to a Blob");
  expect_fault<PutRecordRequest>(member("Data", "f5"), "class java.lang.Boolean can not be converted to a Blob");
  expect_fault<PutRecordRequest>(member("PartitionKey", "42 68 69"),
                                 "class java.nio.HeapByteBuffer can not be converted to an String");
}

TEST(CborDecode, MalformedBodyGoesBeforeWrongTypes) {
  Buffer body = member("StreamName", "05");
  body.push_back(0x00);
  expect_fault<CreateStreamRequest>(body, "");
}

TEST(CborDecode, RequestsAreValidated) {
  auto result = decode_cbor_request<DescribeStreamRequest>(cbor_of(R"({"StreamName":"a","Limit":0})"));
  ASSERT_TRUE(std::holds_alternative<Fault>(result));
  EXPECT_EQ(std::get<Fault>(result).type, ErrorType::validation);
  EXPECT_TRUE(std::holds_alternative<DescribeStreamRequest>(
      decode_cbor_request<DescribeStreamRequest>(cbor_of(R"({"StreamName":"a"})"))));
}

// Whatever the bytes are, decoding ends without reading outside (run under ASan).
TEST(CborDecode, DamagedBodiesAreSurvived) {
  const Buffer good = cbor_of(
      R"({"StreamName":"s1","ShardCount":12,"StreamModeDetails":{"StreamMode":"ON_DEMAND"},"Tags":{"k":"v"},"x":[1,)"
      R"({},1.5]})");
  std::mt19937_64 random(11);
  int refused = 0;
  for (int round = 0; round < 50'000; ++round) {
    Buffer bad = good;
    if (random() % 4 == 0) bad.resize(1 + random() % (good.size() - 1));
    for (int i = 0; i < 2; ++i) bad[random() % bad.size()] = static_cast<std::uint8_t>(random());
    bad.shrink_to_fit();
    CreateStreamRequest message;
    if (decode_cbor(bad, message)) ++refused;
  }
  EXPECT_GT(refused, 10'000);
}

}  // namespace
}  // namespace forebay::wire::kinesis
