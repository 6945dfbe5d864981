// BatchBuilder: parts by shard range, the same bytes for the same seal.
#include "agent/uploader/batch_builder.h"

#include <gtest/gtest.h>

#include "tests/support/seeded_entropy.h"

namespace forebay::agent {
namespace {

const HashKey kMiddle{(~0ull >> 1), ~0ull};
const std::vector<HashKeyRange> kHalves{{{}, kMiddle}, {kMiddle.next(), HashKey::max()}};

spool::SealedBatch sealed(int records, std::vector<HashKeyRange> ranges) {
  spool::SealedBatch batch;
  spool::RecordChunk first("web"), second("web");
  for (int i = 0; i < records; ++i) {
    const std::string data = "value " + std::to_string(i);
    (i < records / 2 ? first : second).add("key " + std::to_string(i % 7), from_millis(1'000 + i), as_bytes(data));
  }
  batch.seal.count = static_cast<std::uint64_t>(records);
  batch.seal.codec = 3;
  batch.seal.shard_ranges = std::move(ranges);
  batch.records = {to_buffer(first.bytes()), to_buffer(second.bytes())};
  return batch;
}

TEST(BatchBuilder, PartsHoldTheKeysOfTheirRangeInOrder) {
  BatchBuilder builder;
  BuiltBatch built;
  ASSERT_TRUE(builder.build(sealed(100, kHalves), built));
  const auto parts = built.parts();
  ASSERT_EQ(parts.size(), 2u);
  int total = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Buffer scratch;
    std::int64_t last_time = 0;
    const auto header = wire::kafka::for_each_record(parts[i], {}, scratch, [&](const auto& record) -> Result<void> {
      EXPECT_TRUE(kHalves[i].contains(hash_key_of(record.key)));
      EXPECT_LT(last_time, record.timestamp_ms);
      last_time = record.timestamp_ms;
      ++total;
      return {};
    });
    ASSERT_TRUE(header) << header.error().to_string();
  }
  EXPECT_EQ(total, 100);
}

TEST(BatchBuilder, RangeWithoutRecordsHasNoPart) {
  BatchBuilder builder;
  BuiltBatch built;
  ASSERT_TRUE(builder.build(sealed(1, kHalves), built));
  EXPECT_EQ(built.parts().size(), 1u);
}

TEST(BatchBuilder, SameSealGivesTheSameBytesWhateverWasBuiltBefore) {
  BatchBuilder used, fresh;
  BuiltBatch first, second, other;
  ASSERT_TRUE(used.build(sealed(500, kHalves), first));
  ASSERT_TRUE(used.build(sealed(33, {}), other));
  ASSERT_TRUE(used.build(sealed(500, kHalves), second));
  EXPECT_EQ(first.bytes, second.bytes);
  ASSERT_TRUE(fresh.build(sealed(500, kHalves), second));
  EXPECT_EQ(first.bytes, second.bytes);
  EXPECT_EQ(first.part_ends, second.part_ends);
}

TEST(BatchBuilder, CountThatDiffersFromTheSealIsCorrupt) {
  BatchBuilder builder;
  BuiltBatch built;
  auto batch = sealed(10, {});
  batch.seal.count = 11;
  EXPECT_EQ(builder.build(batch, built).error().code, Errc::corrupt);
}

TEST(HashKeyCache, GivesTheKeysOfTheirTextAlsoWhenFull) {
  HashKeyCache cache(3);
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 10; ++i) {
      const std::string key = "key " + std::to_string(i);
      EXPECT_EQ(cache.get(key), hash_key_of(key));
    }
}

}  // namespace
}  // namespace forebay::agent
