// Subscriptions of SubscribeToShard frame by frame, under a clock that moves only while they wait (kinesis 1.6, 3.8).
#include <gtest/gtest.h>

#include "gateway/kinesis/starting_position.h"
#include "tests/unit/gateway_front/fan_out_rig.h"
#include "wire/kinesis/sequence_number.h"

namespace forebay::gateway::test {
namespace {

using kinesis::Subscription;
using stream::Offset;

std::uint64_t counter_of(const std::string& number) {
  const auto parsed = wire::kinesis::parse_sequence_number(number);
  EXPECT_TRUE(parsed.has_value()) << number;
  return parsed ? parsed->counter : 0;
}

TEST(Subscription, InitialResponseThenAnEventAtOnceThenOneEveryFiveSeconds) {
  FanOutRig rig;
  auto subscription = rig.subscribe(Offset(0));
  EXPECT_EQ(rig.next(*subscription).kind, "initial-response");
  const SteadyTime begin = rig.clock.steady_now();
  SeenFrame event = rig.next(*subscription);
  EXPECT_EQ(event.kind, "SubscribeToShardEvent");
  EXPECT_EQ(rig.clock.steady_now(), begin);
  std::string before = event.continuation();
  for (int i = 1; i <= 3; ++i) {
    event = rig.next(*subscription);
    EXPECT_EQ(rig.clock.steady_now() - begin, std::chrono::seconds(5 * i));
    EXPECT_EQ(event.records(), 0u);
    EXPECT_EQ(event.payload["MillisBehindLatest"], 0);
    EXPECT_FALSE(event.payload.contains("ChildShards"));
    EXPECT_GT(event.continuation(), before);  // of equal length, so this is the order of numbers
    EXPECT_EQ(counter_of(event.continuation()), 0u);
    before = event.continuation();
  }
}

TEST(Subscription, RecordsArriveWithTheNumberOfTheLastToContinueAfter) {
  FanOutRig rig;
  auto subscription = rig.opened(Offset(0));
  rig.next(*subscription);
  rig.streams.while_waiting = [&] { rig.streams.add({{"k1", "one"}, {"k\"2", "two"}}); };
  const SteadyTime before = rig.clock.steady_now();
  const SeenFrame event = rig.next(*subscription);
  EXPECT_EQ(rig.clock.steady_now(), before);
  ASSERT_EQ(event.records(), 2u);
  EXPECT_EQ(event.payload["Records"][0]["Data"], "b25l");
  EXPECT_EQ(event.payload["Records"][1]["PartitionKey"], "k\"2");
  EXPECT_EQ(event.payload["Records"][1]["SequenceNumber"], event.continuation());
  EXPECT_EQ(event.payload["MillisBehindLatest"], 0);
  EXPECT_EQ(rig.metrics.fan_out_records.value(), 2u);
  EXPECT_EQ(rig.metrics.fan_out_bytes.value(), 11u);
}

TEST(Subscription, WhatItGivesIsCountedOnceItsStreamWantsIt) {
  FanOutRig rig;
  auto subscription = rig.opened(Offset(0));
  rig.next(*subscription);
  rig.streams.while_waiting = [&] { rig.streams.add({{"k", "not counted"}}); };
  rig.next(*subscription);
  const auto meters = std::make_shared<stream::ShardMeters>();
  rig.streams.change([&](stream::Stream& stream) { stream.meters = meters; });
  rig.streams.while_waiting = [&] { rig.streams.add({{"k1", "one"}, {"k\"2", "two"}}); };
  rig.next(*subscription);
  const auto counts = meters->counts(stream::ShardNumber(7), rig.clock.steady_now());
  EXPECT_EQ(counts.outgoing.records, 2u);
  EXPECT_EQ(counts.outgoing.bytes, 11u);
  EXPECT_FALSE(counts.iterator_age) << "of GetRecords only";
}

TEST(Subscription, BehindTheTipByTheAgeOfTheLastRecordReturned) {
  FanOutRig rig;
  const std::string large(400'000, 'x');
  rig.streams.add({{"k", large}});
  rig.clock.advance(std::chrono::milliseconds(250));
  rig.streams.add({{"k", large}});
  rig.clock.advance(std::chrono::milliseconds(1000));
  auto subscription = rig.opened(Offset(0));
  EXPECT_EQ(rig.next(*subscription).payload["MillisBehindLatest"], 1250);
  EXPECT_EQ(rig.next(*subscription).payload["MillisBehindLatest"], 0);
}

TEST(Subscription, EventsAreBoundedInBytesAndRecordsAndOneLargeRecordGoesAlone) {
  FanOutRig rig;
  const std::size_t count = 25'000;
  rig.streams.add(std::vector<std::pair<std::string, std::string>>(count, {"k", ""}));
  rig.streams.add({{"k", std::string(3'000'000, 'x')}, {"k", "small"}});
  auto subscription = rig.opened(Offset(0));
  std::size_t seen = 0;
  while (seen < count) {
    const SeenFrame event = rig.next(*subscription);
    ASSERT_GT(event.records(), 0u);
    EXPECT_LE(event.records(), kinesis::kEventRecordsMax);
    EXPECT_LE(event.bytes.size(), kinesis::kEventBytesMax + 512);
    seen += event.records();
    EXPECT_EQ(counter_of(event.continuation()), seen);
  }
  EXPECT_EQ(seen, count);
  EXPECT_EQ(rig.next(*subscription).records(), 1u);
  EXPECT_EQ(rig.next(*subscription).records(), 1u);
}

TEST(Subscription, ContinuesWithoutLossOrRepetitionAfterAndAtTheNumberOfAnEmptyEvent) {
  FanOutRig rig;
  rig.streams.add({{"k", "one"}});
  auto subscription = rig.opened(Offset(1));
  const std::string number = rig.next(*subscription).continuation();
  for (const char* type : {"AFTER_SEQUENCE_NUMBER", "AT_SEQUENCE_NUMBER"}) {
    kinesis::ShardPlace place{type, number, std::nullopt};
    const auto offset = rig.run(kinesis::offset_of_place(rig.call, rig.streams.current, rig.streams.shard, place));
    ASSERT_TRUE(std::holds_alternative<Offset>(offset)) << type;
    EXPECT_EQ(std::get<Offset>(offset), Offset(1)) << type;
  }
}

TEST(Subscription, AtTheNumberOfARecordBeginsWithThatRecord) {
  FanOutRig rig;
  rig.streams.add({{"k", "one"}});
  auto subscription = rig.opened(Offset(0));
  kinesis::ShardPlace place{"AT_SEQUENCE_NUMBER", rig.next(*subscription).continuation(), std::nullopt};
  const auto offset = rig.run(kinesis::offset_of_place(rig.call, rig.streams.current, rig.streams.shard, place));
  EXPECT_EQ(std::get<Offset>(offset), Offset(0));
}

TEST(Subscription, EndsCleanlyAfterFiveMinutes) {
  FanOutRig rig;
  auto subscription = rig.opened(Offset(0));
  const SteadyTime begin = rig.clock.steady_now();
  std::size_t events = 0;
  while (rig.next(*subscription).kind == "SubscribeToShardEvent") ++events;
  EXPECT_EQ(rig.clock.steady_now() - begin, std::chrono::minutes(5));
  EXPECT_GE(events, 60u);
  EXPECT_EQ(rig.next(*subscription).kind, "");
}

TEST(Subscription, EndOfAClosedShardNamesTheChildrenAndNoNumber) {
  FanOutRig rig;
  rig.streams.add({{"k", "last"}});
  auto subscription = rig.opened(Offset(0));
  EXPECT_TRUE(rig.next(*subscription).payload.contains("ContinuationSequenceNumber"));
  rig.streams.while_waiting = [&] { rig.streams.close_shard(); };
  const SeenFrame end = rig.next(*subscription);
  EXPECT_EQ(end.records(), 0u);
  EXPECT_FALSE(end.payload.contains("ContinuationSequenceNumber"));
  ASSERT_EQ(end.payload["ChildShards"].size(), 2u);
  EXPECT_EQ(end.payload["ChildShards"][0]["ShardId"], "shardId-000000000008");
  EXPECT_EQ(end.payload["ChildShards"][0]["ParentShards"], nlohmann::json::array({"shardId-000000000007"}));
  EXPECT_EQ(rig.next(*subscription).kind, "");
}

TEST(Subscription, LastRecordsOfAClosedShardComeWithItsEnd) {
  FanOutRig rig;
  rig.streams.add({{"k", "last"}});
  rig.streams.close_shard();
  rig.found.stream = rig.streams.current;
  auto subscription = rig.opened(Offset(0));
  const SeenFrame end = rig.next(*subscription);
  EXPECT_EQ(end.records(), 1u);
  EXPECT_EQ(end.payload["ChildShards"].size(), 2u);
  EXPECT_EQ(rig.next(*subscription).kind, "");
}

TEST(Subscription, AnotherCallAfterFiveSecondsTakesOverAndTheOldOneIsTold) {
  FanOutRig rig;
  auto old = rig.opened(Offset(0));
  rig.next(*old);
  rig.clock.advance(std::chrono::milliseconds(4999));
  EXPECT_EQ(rig.subscribe(Offset(0)), nullptr);
  rig.clock.advance(std::chrono::milliseconds(1));
  auto fresh = rig.opened(Offset(0));
  const SeenFrame farewell = rig.next(*old);
  EXPECT_EQ(farewell.kind, "ResourceInUseException");
  EXPECT_EQ(farewell.payload["message"],
            "Another active subscription exists for this consumer: 000000000000:s:shardId-000000000007:c");
  EXPECT_EQ(rig.next(*old).kind, "");
  old.reset();
  EXPECT_EQ(rig.next(*fresh).kind, "SubscribeToShardEvent");
}

TEST(Subscription, TellsWhenStreamConsumerOrShardAreGone) {
  FanOutRig rig;
  const auto message_after = [&](const std::function<void()>& loss) {
    rig.clock.advance(std::chrono::seconds(5));
    auto subscription = rig.opened(rig.streams.shard->end);
    rig.next(*subscription);
    rig.streams.while_waiting = loss;
    const SeenFrame farewell = rig.next(*subscription);
    EXPECT_EQ(farewell.kind, "ResourceNotFoundException");
    EXPECT_EQ(rig.next(*subscription).kind, "");
    return farewell.payload.value("message", "");
  };
  const stream::StreamPtr whole = rig.streams.current;
  EXPECT_EQ(message_after([&] { rig.streams.change([](auto& stream) { stream.attributes.clear(); }); }),
            "Consumer arn:aws:kinesis:us-east-1:000000000000:stream/s/consumer/c:1767323045, account 000000000000 not "
            "found.");
  rig.streams.current = whole;
  EXPECT_EQ(message_after([&] { rig.streams.change([](auto& stream) { stream.shards.clear(); }); }),
            "Shard shardId-000000000007 in stream s under account 000000000000 does not exist");
  rig.streams.current = whole;
  EXPECT_EQ(message_after([&] { rig.streams.current = nullptr; }), "Stream s under account 000000000000 not found.");
  rig.streams.current = whole;
  EXPECT_EQ(message_after([&] { rig.streams.change([](auto& stream) { stream.id = stream::StreamId(4); }); }),
            "Stream s under account 000000000000 not found.");
}

TEST(Subscription, EndsCleanlyWhenTheGatewayStops) {
  FanOutRig rig;
  auto subscription = rig.opened(Offset(0));
  rig.next(*subscription);
  rig.streams.stopping = true;
  EXPECT_EQ(rig.next(*subscription).kind, "");
}

TEST(Subscription, WaitsInShortStepsAndEndsWhenCancelled) {
  FanOutRig rig;
  auto subscription = rig.opened(Offset(0));
  rig.next(*subscription);
  rig.streams.while_waiting = [&] { subscription->cancel(); };
  EXPECT_EQ(rig.next(*subscription).kind, "");
  ASSERT_EQ(rig.streams.waits.size(), 1u);
  EXPECT_LE(rig.streams.waits.front(), std::chrono::seconds(1));
}

TEST(Subscription, GoesOnBehindTrimmedRecordsAndDeclaredHoles) {
  FanOutRig rig;
  rig.streams.add({{"k", "a"}});
  rig.streams.add({{"k", "b"}});
  rig.streams.add({{"k", "c"}});
  auto subscription = rig.opened(Offset(0));
  rig.streams.shard->start = Offset(1);
  rig.streams.hole = Offset(2);
  const SeenFrame event = rig.next(*subscription);
  ASSERT_EQ(event.records(), 1u);
  EXPECT_EQ(event.payload["Records"][0]["Data"], "Yw==");
}

TEST(Subscription, ConsumersAtTheTipShareOneEncoding) {
  FanOutRig rig;
  auto first = rig.opened(Offset(0), "a");
  auto second = rig.opened(Offset(0), "b");
  auto third = rig.opened(Offset(0), "d");
  rig.streams.add({{"k", "one"}});
  const SeenFrame event = rig.next(*first);
  EXPECT_EQ(event.records(), 1u);
  EXPECT_EQ(rig.next(*second).bytes, event.bytes);
  EXPECT_EQ(rig.streams.reads, 1u);
  rig.clock.advance(kinesis::SharedEvents::kLife + Milliseconds(1));
  EXPECT_EQ(rig.next(*third).records(), 1u);
  EXPECT_EQ(rig.streams.reads, 2u);
}

TEST(Subscription, IsCountedWhileItLives) {
  FanOutRig rig;
  auto subscription = rig.opened(Offset(0));
  EXPECT_EQ(rig.metrics.subscriptions.value(), 1);
  subscription.reset();
  EXPECT_EQ(rig.metrics.subscriptions.value(), 0);
}

}  // namespace
}  // namespace forebay::gateway::test
