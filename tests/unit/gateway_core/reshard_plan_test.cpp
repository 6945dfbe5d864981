// How splits, merges and scalings change a shard map, and how the journal keeps a change.
#include <gtest/gtest.h>

#include <chrono>

#include "gateway/log/reshard.h"

namespace forebay::test {
namespace {

namespace glog = forebay::gateway::log;

const WallTime kCreated = from_millis(1'767'323'045'250);
const WallTime kNow = kCreated + std::chrono::seconds(100);

glog::StreamDefinition stream_of(std::uint32_t shards) {
  glog::StreamDefinition definition;
  definition.id = glog::StreamId(7);
  const auto ranges = glog::equal_ranges(shards);
  for (std::uint32_t i = 0; i < shards; ++i) {
    glog::ShardDefinition shard;
    shard.number = glog::ShardNumber(i);
    shard.range = ranges[i];
    shard.created = kCreated;
    definition.shards.push_back(shard);
  }
  return definition;
}

glog::StreamDefinition after(const glog::StreamDefinition& definition, const glog::ShardsChange& change) {
  glog::StreamLog log;
  log.definition = definition;
  const auto budget = std::make_shared<glog::TailBudget>(1_MiB);
  for (const auto& shard : definition.shards)
    log.views.push_back(
        std::make_shared<glog::ShardView>(glog::ShardId{definition.id, shard.number}, kCreated, budget));
  return glog::with_change(log, change, budget)->definition;
}

glog::StreamDefinition resharded(const glog::StreamDefinition& definition, const glog::Reshard& wish,
                                 WallTime now = kNow) {
  const auto change = glog::plan_reshard(definition, wish, now);
  EXPECT_TRUE(change) << change.error().to_string();
  return after(definition, *change);
}

void expect_tiled(const glog::StreamDefinition& definition) {
  const auto open = glog::open_shards(definition);
  ASSERT_FALSE(open.empty());
  EXPECT_EQ(open.front()->range.start, HashKey());
  EXPECT_EQ(open.back()->range.end, HashKey::max());
  for (std::size_t i = 0; i + 1 < open.size(); ++i) EXPECT_EQ(open[i]->range.end.next(), open[i + 1]->range.start);
}

TEST(ReshardPlan, SplitClosesTheParentAndNumbersTheLowerChildFirst) {
  const auto next = resharded(stream_of(2), glog::SplitShard{glog::ShardNumber(1), HashKey{0xC000000000000000, 0}});
  ASSERT_EQ(next.shards.size(), 4u);
  EXPECT_EQ(next.map_version, 2u);
  EXPECT_EQ(next.shards[1].closed, kNow);
  EXPECT_FALSE(next.shards[0].closed);
  EXPECT_EQ(next.shards[2].number.value(), 2u);
  EXPECT_EQ(next.shards[2].parent, glog::ShardNumber(1));
  EXPECT_FALSE(next.shards[2].adjacent_parent);
  EXPECT_EQ(next.shards[2].range.start, next.shards[1].range.start);
  EXPECT_EQ(next.shards[2].range.end, (HashKey{0xBFFFFFFFFFFFFFFF, ~std::uint64_t{0}}));
  EXPECT_EQ(next.shards[3].range.start, (HashKey{0xC000000000000000, 0}));
  EXPECT_EQ(next.shards[3].range.end, HashKey::max());
  expect_tiled(next);
}

TEST(ReshardPlan, ChildrenAreCreatedAtLeastASecondAfterTheirParentsEndInWholeSeconds) {
  auto map = stream_of(1);
  std::int64_t parent_created = to_millis(map.shards[0].created) / 1000;
  for (std::uint32_t i = 0; i < 5; ++i) {
    const glog::ShardNumber parent = map.shards.back().number;
    map = resharded(map, glog::SplitShard{parent, map.shards.back().range.start.next().next()});
    const auto& child = map.shards.back();
    const std::int64_t created = to_millis(child.created) / 1000;
    EXPECT_GT(created, to_millis(kNow) / 1000);
    EXPECT_GT(created, parent_created);
    EXPECT_EQ(glog::opened_at(map, child), kNow);
    parent_created = created;
  }
}

TEST(ReshardPlan, MergeNamesBothParents) {
  const auto next = resharded(stream_of(3), glog::MergeShards{glog::ShardNumber(1), glog::ShardNumber(2)});
  ASSERT_EQ(next.shards.size(), 4u);
  EXPECT_TRUE(next.shards[1].closed && next.shards[2].closed);
  EXPECT_EQ(next.shards[3].parent, glog::ShardNumber(1));
  EXPECT_EQ(next.shards[3].adjacent_parent, glog::ShardNumber(2));
  EXPECT_EQ(next.shards[3].range.start, next.shards[1].range.start);
  EXPECT_EQ(next.shards[3].range.end, HashKey::max());
  expect_tiled(next);
}

TEST(ReshardPlan, ImpossibleWishesAreRefusedWithTheirReason) {
  const auto map = resharded(stream_of(3), glog::SplitShard{glog::ShardNumber(0), HashKey{1, 0}});
  const auto code = [&](const glog::Reshard& wish) { return glog::plan_reshard(map, wish, kNow).error().code; };
  const auto number = [](std::uint32_t value) { return glog::ShardNumber(value); };
  EXPECT_EQ(code(glog::SplitShard{number(0), HashKey{1, 0}}), Errc::conflict);
  EXPECT_EQ(code(glog::SplitShard{number(9), HashKey{1, 0}}), Errc::not_found);
  EXPECT_EQ(code(glog::SplitShard{number(3), HashKey{0, 0}}), Errc::invalid_argument);
  EXPECT_EQ(code(glog::SplitShard{number(3), HashKey{1, 0}}), Errc::invalid_argument);
  EXPECT_EQ(code(glog::MergeShards{number(0), number(1)}), Errc::conflict);
  EXPECT_EQ(code(glog::MergeShards{number(4), number(3)}), Errc::invalid_argument);
  EXPECT_EQ(code(glog::MergeShards{number(2), number(3)}), Errc::invalid_argument);
  EXPECT_EQ(code(glog::MergeShards{number(1), number(1)}), Errc::invalid_argument);
  EXPECT_EQ(code(glog::ScaleShards{0}), Errc::invalid_argument);
}

TEST(ReshardPlan, ScalingGivesEqualShardsFromAnyMap) {
  auto map = stream_of(4);
  for (const std::uint32_t count : {8u, 16u, 13u, 7u, 14u, 5u, 3u, 1u, 2u, 64u, 32u}) {
    const auto before = map;
    map = resharded(map, glog::ScaleShards{count});
    expect_tiled(map);
    const auto open = glog::open_shards(map);
    const auto wanted = glog::equal_ranges(count);
    ASSERT_EQ(open.size(), count);
    for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(open[i]->range, wanted[i]);
    for (std::size_t i = before.shards.size(); i < map.shards.size(); ++i) {
      const auto& child = map.shards[i];
      EXPECT_EQ(child.number.value(), i);
      ASSERT_TRUE(child.parent);
      EXPECT_TRUE(map.shards[child.parent->value()].closed);
      EXPECT_LT(child.parent->value(), child.number.value());
    }
  }
}

TEST(ReshardPlan, ScalingToThePresentCountChangesNothing) {
  const auto change = glog::plan_reshard(stream_of(6), glog::ScaleShards{6}, kNow);
  ASSERT_TRUE(change);
  EXPECT_TRUE(change->closed.empty());
  EXPECT_TRUE(change->created.empty());
}

TEST(ReshardPlan, AChangeIsReadBackAndDamageIsSeen) {
  auto change = *glog::plan_reshard(stream_of(3), glog::ScaleShards{4}, kNow);
  change.closed[0].end = glog::Offset(77);
  change.expired = {glog::ShardNumber(1), glog::ShardNumber(5)};
  Buffer bytes;
  glog::encode(change, bytes);
  const auto read = glog::decode_shards_change(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, change);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(glog::decode_shards_change(ByteView(bytes).first(size))) << size;
  bytes[0] = 2;
  EXPECT_EQ(glog::decode_shards_change(bytes).error().code, Errc::unsupported);
}

}  // namespace
}  // namespace forebay::test
