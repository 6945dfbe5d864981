// Bounds of waits and rates, with time and randomness passed in.
#include "base/backoff.h"

#include <gtest/gtest.h>

#include "base/token_bucket.h"
#include "base/version.h"

namespace forebay {
namespace {

TEST(Backoff, TheBoundDoublesUpToTheMaximumAndTheWaitIsAnyPartOfIt) {
  Backoff backoff({.first = Milliseconds(100), .max = Milliseconds(1000)});
  for (const int bound : {100, 200, 400, 800, 1000, 1000}) {
    Backoff low = backoff;
    EXPECT_EQ(low.next(0), Milliseconds(1));
    EXPECT_EQ(backoff.next(static_cast<std::uint64_t>(bound) - 1), Milliseconds(bound));
  }
  EXPECT_EQ(backoff.failures(), 6u);
  backoff.reset();
  EXPECT_EQ(backoff.next(99), Milliseconds(100));
}

TEST(Backoff, ManyFailuresDoNotOverflow) {
  Backoff backoff({.first = Milliseconds(1), .max = Milliseconds(INT64_MAX / 4)});
  for (int i = 0; i < 1000; ++i) EXPECT_GT(backoff.next(UINT64_MAX).count(), 0);
}

SteadyTime at(int ms) { return SteadyTime(Milliseconds(ms)); }

TEST(TokenBucket, AllowsABurstThenTheRate) {
  TokenBucket bucket(10, 5, at(0));
  EXPECT_TRUE(bucket.take(5, at(0)));
  EXPECT_FALSE(bucket.take(1, at(0)));
  EXPECT_EQ(bucket.wait_for(1, at(0)), Milliseconds(100));
  EXPECT_FALSE(bucket.take(1, at(99)));
  EXPECT_TRUE(bucket.take(1, at(100)));
  EXPECT_TRUE(bucket.take(5, at(10'000)));
  EXPECT_FALSE(bucket.take(1, at(10'000)));
}

TEST(TokenBucket, MoreThanABurstPassesFromAFullBucketAndIsPaidBack) {
  TokenBucket bucket(10, 5, at(0));
  EXPECT_TRUE(bucket.take(20, at(0)));
  EXPECT_FALSE(bucket.take(1, at(1500)));
  EXPECT_EQ(bucket.wait_for(1, at(1500)), Milliseconds(100));
  EXPECT_TRUE(bucket.take(1, at(1600)));
}

TEST(Version, IsTheProjects) {
  EXPECT_FALSE(kVersion.empty());
  EXPECT_EQ(kVersionText, std::string(kVersion) + " (" + std::string(kCommit) + ")");
}

}  // namespace
}  // namespace forebay
