// Answers in CBOR: exact bytes, another decoder's opinion, and what we write we also read.
#include "wire/kinesis/cbor_encode.h"

#include <gtest/gtest.h>

#include "base/hex.h"
#include "tests/unit/wire/kinesis/cbor_bytes.h"
#include "wire/kinesis/cbor_decode.h"
#include "wire/kinesis/get_records_cbor.h"
#include "wire/kinesis/json_encode.h"
#include "wire/kinesis/shapes/create_stream.h"
#include "wire/kinesis/shapes/describe_limits.h"
#include "wire/kinesis/shapes/describe_stream.h"
#include "wire/kinesis/shapes/describe_stream_summary.h"
#include "wire/kinesis/shapes/list_shards.h"
#include "wire/kinesis/shapes/list_streams.h"
#include "wire/kinesis/shapes/put_records.h"

namespace forebay::wire::kinesis {
namespace {

using namespace std::string_literals;

const Shard kOpenShard{"shardId-000000000001", {}, {}, {"0", "5"}, {"49", {}}};
const Shard kClosedShard{"shardId-000000000002", "shardId-000000000000", {}, {"6", "9"}, {"50", "51"}};

std::string hex_of(const std::string& bytes) { return to_hex(as_bytes(bytes)); }

TEST(CborText, WritesExactBytes) {
  auto integer = [](std::int64_t value) {
    std::string out;
    append_cbor_integer(out, value);
    return hex_of(out);
  };
  EXPECT_EQ(integer(0), "00");
  EXPECT_EQ(integer(23), "17");
  EXPECT_EQ(integer(24), "1818");
  EXPECT_EQ(integer(255), "18ff");
  EXPECT_EQ(integer(256), "190100");
  EXPECT_EQ(integer(65'536), "1a00010000");
  EXPECT_EQ(integer(4'294'967'296), "1b0000000100000000");
  EXPECT_EQ(integer(-1), "20");
  EXPECT_EQ(integer(-25), "3818");
  EXPECT_EQ(integer(std::numeric_limits<std::int64_t>::min()), "3b7fffffffffffffff");
  // The reference's golden bytes, section 10.
  std::string out;
  append_cbor_timestamp(out, from_millis(1'700'000'000'123));
  append_cbor_bytes(out, as_bytes("hi"));
  EXPECT_EQ(hex_of(out), "c11b0000018bcfe5687b426869");
  out.clear();
  append_cbor_timestamp(out, from_millis(-1));
  EXPECT_EQ(hex_of(out), "c13b0000000000000000");
}

TEST(CborText, StringsAreAlwaysUtf8) {
  auto text = [](std::string_view bytes) {
    std::string out;
    append_cbor_text(out, bytes);
    return out;
  };
  EXPECT_EQ(text("é€😀"), "\x69é€😀");
  EXPECT_EQ(text("a\xff"
                 "b\xed\xa0\x80"),
            "\x6e"
            "a\uFFFDb\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(text(std::string(24, 'x')), "\x78\x18" + std::string(24, 'x'));
}

TEST(CborEncode, WritesMapsAndListsOfIndefiniteLength) {
  const std::string expected =
      "\xbf\x71"
      "FailedRecordCount\0\x67"
      "Records\x9f\xbf\x6e"
      "SequenceNumber\x62"
      "49\x67"
      "ShardId\x69"
      "shardId-0\xff\xff\xff"s;
  EXPECT_EQ(to_cbor(PutRecordsResponse{0, {{"49", "shardId-0", {}, {}}}, {}}), expected);
  const std::string bytes =
      to_cbor(CreateStreamRequest{"s", 1, StreamModeDetails{"ON_DEMAND"}, StringMap{{"a", "b"}}, -70000, {}});
  EXPECT_EQ(nlohmann::json::from_cbor(bytes).dump(),
            R"({"ShardCount":1,"StreamModeDetails":{"StreamMode":"ON_DEMAND"},"StreamName":"s","Tags":{"a":"b"},)"
            R"("WarmThroughputMiBps":-70000})");
}

TEST(CborEncode, FaultsHaveTheMembersOfJson) {
  auto members = [](const Fault& fault) {
    std::string out;
    append_cbor(fault, out);
    return nlohmann::json::from_cbor(out).dump();
  };
  EXPECT_EQ(members({ErrorType::resource_not_found, "Stream s"}),
            R"({"__type":"ResourceNotFoundException","message":"Stream s"})");
  EXPECT_EQ(members({ErrorType::serialization, "x"}), R"({"Message":"x","__type":"SerializationException"})");
  EXPECT_EQ(members({ErrorType::serialization, ""}), R"({"__type":"SerializationException"})");
}

template <class Message>
void expect_round_trip(const Message& message) {
  Message back;
  auto fault = decode_cbor(as_bytes(to_cbor(message)), back);
  ASSERT_FALSE(fault) << fault->message;
  EXPECT_EQ(back, message);
}

TEST(CborEncode, WhatIsWrittenIsRead) {
  expect_round_trip(DescribeStreamResponse{{"s",
                                            "arn",
                                            "ACTIVE",
                                            StreamModeDetails{"PROVISIONED"},
                                            {kOpenShard, kClosedShard},
                                            true,
                                            48,
                                            from_millis(1'700'000'000'123),
                                            {{{"ALL"}}},
                                            "NONE",
                                            {}}});
  expect_round_trip(ListShardsResponse{{kOpenShard, kClosedShard}, "token"});
  expect_round_trip(GetRecordsResponse{{{"49", from_millis(5), to_buffer(as_bytes("data\0x")), "k", {}}},
                                       "it",
                                       77,
                                       std::vector<ChildShard>{{"shardId-000000000003", {"a", "b"}, {"0", "1"}}}});
}

TEST(GetRecordsCbor, GivesTheBytesOfTheDescription) {
  const SequenceNumber number{1'767'322'800, 3, 5, 1'767'322'845};
  for (const std::string& key : {std::string("k\"é"), std::string(300, '\xff')}) {
    for (std::size_t count : {0u, 1u, 3u}) {
      GetRecordsResponse response;
      response.next_shard_iterator = "AAAA";
      response.millis_behind_latest = 12;
      if (count == 3) response.child_shards = std::vector<ChildShard>{{"shardId-000000000003", {"a"}, {"0", "1"}}};
      std::string fast = "x";
      GetRecordsCbor writer(fast);
      for (std::size_t i = 0; i < count; ++i) {
        const std::string data(i * 300, 'd');
        const WallTime arrival = from_millis(1'767'322'845'001 + static_cast<std::int64_t>(i));
        const std::size_t before = fast.size();
        const bool encrypted = i == 1;
        writer.add(number, arrival, key, as_bytes(data), encrypted);
        EXPECT_LE(fast.size() - before, GetRecordsCbor::size_max(key, as_bytes(data)));
        response.records.push_back({to_decimal(number), arrival, to_buffer(as_bytes(data)), key, {}});
        if (encrypted) response.records.back().encryption_type = "KMS";
      }
      EXPECT_EQ(writer.count(), count);
      writer.finish(response);
      EXPECT_EQ(fast, "x" + to_cbor(response));
    }
  }
}

}  // namespace
}  // namespace forebay::wire::kinesis
