// The cache of partition keys in front of MD5: what it has not been given it does not know.
#include "gateway/upload/key_hash_cache.h"

#include <gtest/gtest.h>

#include <string>

namespace forebay::gateway::upload {
namespace {

TEST(KeyHashCache, KnowsWhatItWasGiven) {
  KeyHashCache cache;
  EXPECT_EQ(cache.find("device-001"), nullptr);
  const HashKey hash = hash_key_of("device-001");
  cache.put("device-001", hash);
  const HashKey* found = cache.find("device-001");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(*found, hash);
  EXPECT_EQ(cache.find("device-002"), nullptr);
}

TEST(KeyHashCache, NeverKnowsTheEmptyKeyNorLongOnes) {
  KeyHashCache cache;
  cache.put("device-001", hash_key_of("device-001"));  // its slots exist from here on, all free but one
  EXPECT_EQ(cache.find(""), nullptr);
  const std::string longer(KeyHashCache::kKeyBytesMax + 1, 'k');
  cache.put(longer, hash_key_of(longer));
  EXPECT_EQ(cache.find(longer), nullptr);
}

}  // namespace
}  // namespace forebay::gateway::upload
