// Stepping from number to number gives the same digits as converting each, over carries and changes of shard and
// second.
#include <gtest/gtest.h>

#include <random>

#include "gateway/kinesis/sequence_texts.h"

namespace forebay::gateway::kinesis {
namespace {

TEST(SequenceTexts, EqualTheConversionOfEveryNumber) {
  const std::uint32_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  SequenceTexts texts;
  std::vector<stream::PutOutcome> shards(40);
  for (std::size_t i = 0; i < shards.size(); ++i) {
    shards[i].shard = stream::ShardNumber(static_cast<std::uint32_t>(i));
    shards[i].offset = stream::Offset(static_cast<std::int64_t>(random() >> (2 + random() % 60)));
    shards[i].shard_created = from_millis(1'767'322'800'000 + static_cast<std::int64_t>(i) * 1000);
    shards[i].arrival = from_millis(1'767'322'845'000);
  }
  for (int i = 0; i < 200'000; ++i) {
    stream::PutOutcome& outcome = shards[random() % (i % 5000 < 4000 ? 8 : shards.size())];
    outcome.offset = stream::Offset(outcome.offset.value() + 1);
    if (random() % 1000 == 0) outcome.arrival += std::chrono::seconds(1);
    const auto text = texts.of(outcome);
    ASSERT_EQ(text.sequence_number,
              to_decimal(record_number(outcome.shard_created, outcome.shard, outcome.offset, outcome.arrival)));
    ASSERT_EQ(text.shard_id.size(), 20u);
    ASSERT_EQ(std::stoul(std::string(text.shard_id.substr(8))), outcome.shard.value());
  }
}

TEST(SequenceTexts, StartingNumberLiesBeforeTheFirstRecord) {
  EXPECT_EQ(to_decimal(record_number(from_millis(1'767'322'800'000), stream::ShardNumber(0), stream::Offset(4),
                                     from_millis(1'767'322'845'000))),
            "49670459154850102615887004099497987677101810596532191234");
  const auto first = record_number(from_millis(5000), stream::ShardNumber(2), stream::Offset(0), from_millis(5000));
  EXPECT_EQ(first.counter, 1u);
  EXPECT_EQ(offset_at(first).value(), 0);
  EXPECT_EQ(offset_after(first).value(), 1);
}

}  // namespace
}  // namespace forebay::gateway::kinesis
