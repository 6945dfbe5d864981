#include <gtest/gtest.h>

#include <random>

#include "gateway/log/definition.h"
#include "gateway/stream/key_cache.h"
#include "gateway/stream/shard_route.h"

namespace forebay::gateway::stream {
namespace {

constexpr std::uint64_t kSeed = 20261121;

class RangeOnly final : public Shard {
 public:
  explicit RangeOnly(HashKeyRange of) { range = of; }
  [[nodiscard]] Offset start_offset() const override { return Offset(0); }
  [[nodiscard]] Offset end_offset() const override { return Offset(0); }
  [[nodiscard]] WallTime last_arrival() const override { return created; }
};

Stream stream_of(std::uint64_t map_version, const std::vector<HashKeyRange>& ranges) {
  Stream stream;
  stream.id = StreamId(7);
  stream.map_version = map_version;
  for (const HashKeyRange& range : ranges) stream.open_shards.push_back(std::make_shared<RangeOnly>(range));
  return stream;
}

/// Splits random ranges until there are `count`.
std::vector<HashKeyRange> uneven_ranges(std::size_t count, std::mt19937_64& random) {
  std::vector<HashKeyRange> ranges{{HashKey{}, HashKey::max()}};
  while (ranges.size() < count) {
    const std::size_t at = random() % ranges.size();
    const HashKeyRange whole = ranges[at];
    if (whole.end.high - whole.start.high < 2) continue;
    const HashKey middle{whole.start.high + (whole.end.high - whole.start.high) / 2, random()};
    ranges[at].end = middle.previous();
    ranges.insert(ranges.begin() + static_cast<std::ptrdiff_t>(at) + 1, {middle, whole.end});
  }
  return ranges;
}

void expect_owner_of_each_key(const Stream& stream, const ShardRoute& route, std::mt19937_64& random) {
  std::vector<HashKey> keys{HashKey{}, HashKey::max()};
  for (const auto& shard : stream.open_shards) {
    for (const HashKey key : {shard->range.start, shard->range.start.next(), shard->range.end}) keys.push_back(key);
  }
  for (int i = 0; i < 2000; ++i) keys.push_back({random(), random()});
  for (const HashKey key : keys) {
    const std::size_t index = route.index_for(key);
    ASSERT_LT(index, stream.open_shards.size());
    EXPECT_TRUE(stream.open_shards[index]->range.contains(key)) << to_decimal(key);
  }
}

TEST(ShardRoute, EqualShardsOwnTheirKeysToTheEdges) {
  std::mt19937_64 random(kSeed);
  for (const std::uint32_t count : {1u, 2u, 3u, 7u, 8u, 240u, 10'000u}) {
    const Stream stream = stream_of(1, log::equal_ranges(count));
    ShardRoute route;
    route.follow(stream);
    expect_owner_of_each_key(stream, route, random);
  }
}

TEST(ShardRoute, ShardsSplitAtRandomOwnTheirKeysToTheEdges) {
  RecordProperty("seed", std::to_string(kSeed));
  std::mt19937_64 random(kSeed);
  for (int run = 0; run < 20; ++run) {
    const Stream stream = stream_of(1, uneven_ranges(2 + random() % 60, random));
    ShardRoute route;
    route.follow(stream);
    expect_owner_of_each_key(stream, route, random);
  }
}

TEST(ShardRoute, NewMapOfTheSameStreamIsTakenOver) {
  std::mt19937_64 random(kSeed);
  ShardRoute route;
  route.follow(stream_of(1, log::equal_ranges(4)));
  const Stream after = stream_of(2, uneven_ranges(9, random));
  route.follow(after);
  expect_owner_of_each_key(after, route, random);
}

TEST(KeyCache, AnswersAreTheHashOfTheKeyWhateverWasAskedBefore) {
  RecordProperty("seed", std::to_string(kSeed));
  std::mt19937_64 random(kSeed);
  KeyCache cache;
  for (int i = 0; i < 200'000; ++i) {
    std::string key = "dev-" + std::to_string(random() % 60'000);
    if (i % 7 == 0) key.append(random() % 80, 'x');  // some too long to be kept
    ASSERT_EQ(cache.hash(key), hash_key_of(key)) << key;
  }
  EXPECT_EQ(cache.hash(""), hash_key_of(""));
}

TEST(KeyCache, KeysThatBeginAlikeAreToldApart) {
  KeyCache cache;
  for (std::size_t size = 1; size < 60; ++size) {
    const std::string key(size, 'k');
    EXPECT_EQ(cache.hash(key), hash_key_of(key));
    EXPECT_EQ(cache.hash(key), hash_key_of(key));
  }
}

}  // namespace
}  // namespace forebay::gateway::stream
