// Answers are compact JSON in the described order; what we write we also read.
#include "wire/kinesis/json_encode.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "wire/kinesis/get_records_json.h"
#include "wire/kinesis/json_decode.h"
#include "wire/kinesis/shapes/create_stream.h"
#include "wire/kinesis/shapes/describe_limits.h"
#include "wire/kinesis/shapes/describe_stream.h"
#include "wire/kinesis/shapes/describe_stream_summary.h"
#include "wire/kinesis/shapes/list_shards.h"
#include "wire/kinesis/shapes/list_streams.h"
#include "wire/kinesis/shapes/put_records.h"

namespace forebay::wire::kinesis {
namespace {

const Shard kOpenShard{"shardId-000000000001", {}, {}, {"0", "5"}, {"49", {}}};
const Shard kClosedShard{"shardId-000000000002", "shardId-000000000000", {}, {"6", "9"}, {"50", "51"}};

TEST(JsonEncode, WritesExactBytes) {
  EXPECT_EQ(to_json(PutRecordsResponse{0, {{"49", "shardId-000000000000", {}, {}}}, {}}),
            R"({"FailedRecordCount":0,"Records":[{"SequenceNumber":"49","ShardId":"shardId-000000000000"}]})");
  EXPECT_EQ(to_json(DescribeLimitsResponse{1, 2, 3, 4}),
            R"({"ShardLimit":1,"OpenShardCount":2,"OnDemandStreamCount":3,"OnDemandStreamCountLimit":4})");
  EXPECT_EQ(to_json(CreateStreamRequest{"s", 1, StreamModeDetails{"ON_DEMAND"}, StringMap{{"a", "b\""}}, {}, {}}),
            R"({"StreamName":"s","ShardCount":1,"StreamModeDetails":{"StreamMode":"ON_DEMAND"},"Tags":{"a":"b\""}})");
  EXPECT_EQ(
      to_json(ListStreamsResponse{{"a", "b"}, true, {}, {{"a", "arn", "ACTIVE", {}, from_millis(1459799926048)}}}),
      R"({"StreamNames":["a","b"],"HasMoreStreams":true,"StreamSummaries":[{"StreamName":"a","StreamARN":"arn",)"
      R"("StreamStatus":"ACTIVE","StreamCreationTimestamp":1459799926.048}]})");
}

TEST(JsonEncode, StringsAreAlwaysValidJson) {
  std::string text;
  for (int i = 0; i < 256; ++i) text += static_cast<char>(i);
  const std::string json = to_json(ListStreamsResponse{{text, "é€😀\xed\xa0\x80"}, false, {}, {}});
  const auto parsed = nlohmann::json::parse(json);
  const std::string back = parsed["StreamNames"][0];
  EXPECT_EQ(back.substr(0, 128), text.substr(0, 128));
  EXPECT_EQ(parsed["StreamNames"][1], "é€😀\uFFFD\uFFFD\uFFFD");
}

template <class Message>
void expect_round_trip(const Message& message) {
  Message back;
  auto fault = decode_json(to_json(message), back);
  ASSERT_FALSE(fault) << fault->message;
  EXPECT_EQ(back, message);
}

TEST(JsonEncode, WhatIsWrittenIsRead) {
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
  expect_round_trip(DescribeStreamSummaryResponse{
      {"s", "arn", {}, "CREATING", {}, 24, from_millis(-1), {{}}, {}, {}, 3, 0, WarmThroughput{1, {}}, 1024}});
  expect_round_trip(ListShardsResponse{{kOpenShard, kClosedShard}, "token"});
  expect_round_trip(GetRecordsResponse{{{"49", from_millis(5), to_buffer(as_bytes("data\0x")), "k", {}}},
                                       "it",
                                       77,
                                       std::vector<ChildShard>{{"shardId-000000000003", {"a", "b"}, {"0", "1"}}}});
}

TEST(GetRecordsJson, GivesTheBytesOfTheDescription) {
  const SequenceNumber number{1'767'322'800, 3, 5, 1'767'322'845};
  const std::string key = "k\"é";
  for (int count : {0, 1, 3}) {
    GetRecordsResponse response;
    response.next_shard_iterator = "AAAA";
    response.millis_behind_latest = 12;
    if (count == 3) response.child_shards = std::vector<ChildShard>{{"shardId-000000000003", {"a"}, {"0", "1"}}};
    std::string fast = "x";
    GetRecordsJson writer(fast);
    for (int i = 0; i < count; ++i) {
      const std::string data(static_cast<std::size_t>(i), 'd');
      const std::size_t before = fast.size();
      const bool encrypted = i == 1;
      writer.add(number, from_millis(1'767'322'845'001 + i), key, as_bytes(data), encrypted);
      EXPECT_LE(fast.size() - before, GetRecordsJson::size_max(key, as_bytes(data)));
      response.records.push_back(
          {to_decimal(number), from_millis(1'767'322'845'001 + i), to_buffer(as_bytes(data)), key, {}});
      if (encrypted) response.records.back().encryption_type = "KMS";
    }
    EXPECT_EQ(writer.count(), static_cast<std::size_t>(count));
    writer.finish(response);
    EXPECT_EQ(fast, "x" + to_json(response));
  }
}

TEST(GetRecordsJson, GivesTheBytesOfAnEvent) {
  const SequenceNumber number{1'767'322'800, 3, 5, 1'767'322'845};
  SubscribeToShardEvent event{{}, "49", 7, {}};
  std::string fast;
  GetRecordsJson(fast).finish(event);
  EXPECT_EQ(fast, R"({"Records":[],"ContinuationSequenceNumber":"49","MillisBehindLatest":7})");
  EXPECT_EQ(fast, to_json(event));
  event = {{{to_decimal(number), from_millis(1'767'322'845'001), to_buffer(as_bytes("x")), "k", {}}},
           {},
           0,
           std::vector<ChildShard>{{"shardId-000000000003", {"a"}, {"0", "1"}}}};
  fast.clear();
  GetRecordsJson writer(fast);
  writer.add(number, from_millis(1'767'322'845'001), "k", as_bytes("x"));
  writer.finish(event);
  EXPECT_EQ(fast, to_json(event));
}

}  // namespace
}  // namespace forebay::wire::kinesis
