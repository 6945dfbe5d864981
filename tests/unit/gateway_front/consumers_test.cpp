// Registered consumers: ARNs, attributes, the limits of registration and who may subscribe (kinesis 3.2, 3.8).
#include <gtest/gtest.h>

#include "gateway/kinesis/consumer_arn.h"
#include "tests/unit/gateway_front/fan_out_rig.h"
#include "tests/unit/gateway_front/gateway_rig.h"

namespace forebay::gateway::test {
namespace {

using kinesis::ConsumerArn;
using kinesis::PendingConsumers;
using kinesis::RegisteredConsumer;

constexpr const char* kArn = "arn:aws:kinesis:eu-west-1:000000000000:stream/s.1/consumer/c-1:1767323045";

TEST(ConsumerArn, ReadsBackWhatItWrites) {
  const auto arn = kinesis::parse_consumer_arn(kArn);
  ASSERT_TRUE(arn.has_value());
  EXPECT_EQ(arn->region, "eu-west-1");
  EXPECT_EQ(arn->account, "000000000000");
  EXPECT_EQ(arn->stream, "s.1");
  EXPECT_EQ(arn->name, "c-1");
  EXPECT_EQ(arn->created_s, 1'767'323'045);
  EXPECT_EQ(to_string(*arn), kArn);
}

TEST(ConsumerArn, RefusesWhatIsNone) {
  const std::string stream = "arn:aws:kinesis:eu-west-1:000000000000:stream/s";
  for (const std::string& text :
       {stream, stream + "/consumer/c", stream + "/consumer/c:", stream + "/consumer/:1", stream + "/consumer/c:-1",
        stream + "/consumer/c:1x", stream + "/consumer/c:99999999999999999999", stream + "/consumer/a b:1",
        std::string("arn:aws:s3:x:000000000000:stream/s/consumer/c:1"), std::string()})
    EXPECT_FALSE(kinesis::parse_consumer_arn(text).has_value()) << text;
}

TEST(Consumers, AreTheAttributesOfTheirPrefixByName) {
  stream::Stream stream;
  stream.attributes = {
      {"consume", "1"}, {"consumer/b", "2"}, {"consumer/a", "1"}, {"consumers", "3"}, {"tag/consumer/a", "x"}};
  const auto consumers = kinesis::consumers_of(stream);
  ASSERT_EQ(consumers.size(), 2u);
  EXPECT_EQ(consumers[0], (RegisteredConsumer{"a", from_millis(1000), false}));
  EXPECT_EQ(consumers[1], (RegisteredConsumer{"b", from_millis(2000), false}));
  EXPECT_EQ(kinesis::find_consumer(stream, "b")->created, from_millis(2000));
  EXPECT_FALSE(kinesis::find_consumer(stream, "c").has_value());
}

TEST(Consumers, RemovalTakesPolicyAndTagsOfThisConsumerAlone) {
  stream::Stream stream;
  for (const char* key :
       {"consumer/a", "consumer/ab", "policy", "policy/consumer/a", "policy/consumer/ab", "consumer_tag/consumer/a/x",
        "consumer_tag/consumer/ab/x", "tag/consumer/a", "tag/consumer/a/x"})
    stream.attributes[key] = "1";
  std::vector<std::string> removed;
  for (const auto& change : kinesis::removal_of(stream, "a")) {
    EXPECT_FALSE(change.value.has_value());
    removed.push_back(change.key);
  }
  EXPECT_EQ(removed, std::vector<std::string>({"consumer/a", "policy/consumer/a", "consumer_tag/consumer/a/x"}));
}

class Registrations : public ::testing::Test {
 protected:
  std::variant<PendingConsumers::Place, PendingConsumers::Refusal> begin(const std::string& name) {
    consumer = {name, from_millis(1000), false};
    return pending.begin(rig.streams, rig.found.stream, consumer);
  }
  RegisteredConsumer consumer;  ///< the last that was begun
  FanOutRig rig;
  PendingConsumers pending;
};

TEST_F(Registrations, TheSameNameAgainWithinASecondIsAnotherConsumer) {
  ASSERT_EQ(begin("x").index(), 0u);  // and ends: nothing was made durable
  const WallTime first = consumer.created;
  ASSERT_EQ(begin("x").index(), 0u);
  EXPECT_GT(consumer.created, first);
  ASSERT_EQ(begin("y").index(), 0u);
  EXPECT_EQ(consumer.created, first);
}

TEST_F(Registrations, ANameIsTakenOnceWhileCreatingAndAfterwards) {
  using Refusal = PendingConsumers::Refusal;
  {
    const auto place = begin("x");
    ASSERT_EQ(place.index(), 0u);
    EXPECT_EQ(std::get<Refusal>(begin("x")), Refusal::exists);
    ASSERT_EQ(pending.of(rig.found.stream->id).size(), 1u);
    EXPECT_TRUE(pending.of(rig.found.stream->id).front().creating);
    // The registration becomes durable while the other caller still holds its old snapshot.
    rig.streams.change([](stream::Stream& stream) { stream.attributes["consumer/x"] = "1"; });
  }
  EXPECT_TRUE(pending.of(rig.found.stream->id).empty());
  EXPECT_EQ(std::get<Refusal>(begin("x")), Refusal::exists);
  EXPECT_EQ(begin("y").index(), 0u);
}

TEST_F(Registrations, FiveAtTheSameTimePerAccount) {
  std::vector<PendingConsumers::Place> places;
  for (int i = 0; i < 5; ++i) places.push_back(std::get<PendingConsumers::Place>(begin("n" + std::to_string(i))));
  EXPECT_EQ(std::get<PendingConsumers::Refusal>(begin("sixth")), PendingConsumers::Refusal::too_many_creating);
  places.pop_back();
  EXPECT_EQ(begin("sixth").index(), 0u);
}

TEST_F(Registrations, TwentyPerStreamThoseOnTheirWayIncluded) {
  rig.streams.change([](stream::Stream& stream) {
    for (int i = 0; i < 18; ++i) stream.attributes["consumer/n" + std::to_string(i)] = "1";
  });
  const auto last = begin("last");  // the nineteen others include the rig's own
  ASSERT_EQ(last.index(), 0u);
  EXPECT_EQ(std::get<PendingConsumers::Refusal>(begin("more")), PendingConsumers::Refusal::too_many);
}

TEST(SubscriptionTable, HoldsAConsumerAndShardForFiveSecondsEvenWhenItsSubscriptionEnded) {
  kinesis::SubscriptionTable table;
  const SteadyTime start{std::chrono::seconds(100)};
  const kinesis::SubscriptionKey key{stream::StreamId(1), stream::ShardNumber(2), "c", 3};
  const kinesis::SubscriptionKey other{stream::StreamId(1), stream::ShardNumber(3), "c", 3};
  ASSERT_TRUE(table.take(key, start).has_value());
  EXPECT_FALSE(table.take(key, start + std::chrono::milliseconds(4999)).has_value());
  EXPECT_TRUE(table.take(other, start).has_value());
  EXPECT_TRUE(table.take(key, start + std::chrono::seconds(5)).has_value());
}

TEST(SubscriptionTable, OnlyTheNewestHolderLeavesThePlace) {
  kinesis::SubscriptionTable table;
  const SteadyTime start{std::chrono::seconds(100)};
  const kinesis::SubscriptionKey key{stream::StreamId(1), stream::ShardNumber(2), "c", 3};
  auto old = table.take(key, start);
  auto fresh = table.take(key, start + std::chrono::seconds(6));
  EXPECT_TRUE(old->is_replaced());
  EXPECT_TRUE(fresh->has_company());
  old.reset();
  EXPECT_FALSE(fresh->is_replaced());
  EXPECT_FALSE(fresh->has_company());
  auto newest = table.take(key, start + std::chrono::seconds(12));
  EXPECT_TRUE(fresh->is_replaced());
  EXPECT_FALSE(newest->is_replaced());
}

TEST(SubscriptionTable, ForgetsEndedEntries) {
  kinesis::SubscriptionTable table;
  SteadyTime now{std::chrono::seconds(100)};
  for (std::uint32_t i = 0; i < 1000; ++i, now += std::chrono::seconds(1))
    table.take({stream::StreamId(1), stream::ShardNumber(i), "c", 3}, now);
  EXPECT_LT(table.size(), 200u);
}

TEST(SubscribeToShard, ACborBodyIsAnInternalFailureAsInTheService) {
  GatewayRig rig({});
  const RawResponse response = rig.client().exchange(post(
      "/", "Content-Type: application/x-amz-cbor-1.1\r\nX-Amz-Target: Kinesis_20131202.SubscribeToShard\r\n", "\xa0"));
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(nlohmann::json::from_cbor(response.body)["__type"], "InternalFailure");
}

}  // namespace
}  // namespace forebay::gateway::test
