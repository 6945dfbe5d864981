// Golden vectors computed apart from this code, borders of the 128-bit decimal form, and a round trip over random keys.
#include "base/hash_key.h"

#include <gtest/gtest.h>

#include "tests/support/seeded_entropy.h"

namespace forebay {
namespace {

TEST(HashKey, GoldenPartitionKeys) {
  EXPECT_EQ(to_decimal(hash_key_of("a")), "16955237001963240173058271559858726497");
  EXPECT_EQ(to_decimal(hash_key_of("p")), "174832678556295648811075566251100652666");
  EXPECT_EQ(to_decimal(hash_key_of("device-001")), "222491766631704962767057050800320921799");
  EXPECT_EQ(to_decimal(hash_key_of("partitionKey")), "193318062818912349798954611745638949166");
  EXPECT_EQ(to_decimal(hash_key_of("\xc3\xa9")), "136732923097551493579404309126273812335");
}

TEST(HashKey, DecimalBorders) {
  EXPECT_EQ(to_decimal(HashKey{}), "0");
  EXPECT_EQ(to_decimal({0, 1'000'000'000}), "1000000000");
  EXPECT_EQ(to_decimal({1, 0}), "18446744073709551616");
  EXPECT_EQ(to_decimal(HashKey::max()), "340282366920938463463374607431768211455");
  EXPECT_EQ(hash_key_from_decimal("340282366920938463463374607431768211455"), HashKey::max());
  EXPECT_EQ(hash_key_from_decimal("0"), HashKey{});
  for (const char* bad : {"", "00", "01", "-1", "+1", " 1", "1 ", "1a", "340282366920938463463374607431768211456",
                          "999999999999999999999999999999999999999", "1000000000000000000000000000000000000000"})
    EXPECT_FALSE(hash_key_from_decimal(bad).has_value()) << bad;
}

TEST(HashKey, RandomKeysRoundTripAndOrderLikeNumbers) {
  test::SeededEntropy entropy(5);
  for (int i = 0; i < 2000; ++i) {
    const HashKey key{i % 4 == 0 ? 0 : entropy.next_u64() >> (i % 64), entropy.next_u64()};
    const std::string text = to_decimal(key);
    ASSERT_EQ(hash_key_from_decimal(text), key) << text;
    if (key == HashKey::max()) continue;
    const std::string above = to_decimal(key.next());
    ASSERT_TRUE(text.size() < above.size() || text < above);
    ASSERT_EQ(key.next().previous(), key);
  }
}

}  // namespace
}  // namespace forebay
