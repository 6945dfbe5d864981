// T8: every kind of fault at every call, alone and at random. Whatever happens, nothing is ever overwritten, what is
// told to be stored is stored whole, and once the faults end the same puts come to a good end with no upload left
// behind.
#include <gtest/gtest.h>

#include "tests/unit/delivery/stores/s3_rig.h"

namespace forebay::gateway::delivery {
namespace {

/// Named like objects of the delivery stream "lake": other leftovers are not ours to end.
constexpr const char* kLargeKey = "p/lake-1-2026-01-02-03-04-05-11111111-2222-8333-8444-000000000001";
constexpr const char* kLeftoverKey = "p/lake-1-2026-01-02-03-04-05-11111111-2222-8333-8444-000000000002";

using test::S3CallKind;
using test::S3Fault;

constexpr int kRandomRounds = 500;
const std::string kSmall = body_of(700, 1);
const std::string kLarge = body_of(4300, 2);

/// A put may fail; when it says that it did not, the object is there.
void expect_stored(S3Rig& rig, const std::string& key, const std::string& body, const Result<PutOutcome>& outcome) {
  if (!outcome) return;
  EXPECT_NE(*outcome, PutOutcome::different) << key;
  EXPECT_EQ(rig.stored(key), body) << key;
}

/// All calls of a delivery.
void work(S3Rig& rig) {
  expect_stored(rig, "p/small", kSmall, rig.put("p/small", kSmall));
  expect_stored(rig, kLargeKey, kLarge, rig.put(kLargeKey, kLarge));
  const auto foreign = rig.put("p/foreign", kSmall);
  EXPECT_TRUE(!foreign.ok() || *foreign == PutOutcome::different);
  const auto read = rig.store->get("p/small", 10'000);
  EXPECT_TRUE(!read.ok() || !*read || as_text(**read) == kSmall);
  const auto listed = rig.store->list("p/", "", 10);
  EXPECT_TRUE(!listed.ok() || listed->size() <= 3);
  static_cast<void>(rig.store->remove("r"));
  static_cast<void>(rig.store->abort_leftovers("p/", "lake", rig.clock.wall_now() - std::chrono::hours(24)));
}

void run_round(S3Rig& rig) {
  rig.server.set_object("p/foreign", as_bytes("somebody else's"));
  rig.server.set_object("r", as_bytes("x"));
  rig.server.add_upload(kLeftoverKey, rig.clock.wall_now() - std::chrono::hours(48));
  work(rig);
  for (const Milliseconds pause : rig.pause->take()) EXPECT_LE(pause, Milliseconds(2000));
  rig.server.stop_failing();
  work(rig);
  rig.server.land_late();
  for (const auto& [key, body] : {std::pair("p/small", &kSmall), std::pair(kLargeKey, &kLarge)}) {
    const auto again = rig.put(key, *body);
    ASSERT_TRUE(again.ok()) << again.error().to_string();
    EXPECT_EQ(*again, PutOutcome::same) << key;
    EXPECT_EQ(rig.stored(key), *body);
  }
  EXPECT_EQ(rig.stored("p/foreign"), "somebody else's");
  EXPECT_EQ(rig.stored("r"), "(none)");
  for (const auto& [key, object] : rig.server.objects()) EXPECT_EQ(object.writes, 1) << key << " was overwritten";
  EXPECT_EQ(rig.store->list("p/", "", 10)->size(), 3u);
  EXPECT_TRUE(rig.store->abort_leftovers("", "lake", rig.clock.wall_now() + std::chrono::hours(1)).ok());
  EXPECT_EQ(rig.server.uploads(), 0u);
  EXPECT_EQ(rig.log.count("CANARY"), 0u);
}

TEST(S3Faults, EveryFaultAtEveryCallOnceTwiceAndForLong) {
  for (int kind = 0; kind < test::kS3CallKinds; ++kind)
    for (int fault = 0; fault < test::kS3Faults; ++fault)
      for (const int times : {1, 2, 50}) {
        SCOPED_TRACE("call " + std::to_string(kind) + ", fault " + std::to_string(fault) + ", " +
                     std::to_string(times) + " times");
        S3Rig rig;
        rig.server.script(static_cast<S3CallKind>(kind), static_cast<S3Fault>(fault), times);
        run_round(rig);
        if (::testing::Test::HasFailure()) return;
      }
}

TEST(S3Faults, RandomFaultsOfEveryKindAtTheSameTime) {
  for (std::uint64_t seed = 1; seed <= kRandomRounds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    S3Rig rig(seed);
    rig.server.fail_randomly(seed * 7919, 10 + static_cast<unsigned>(seed % 6) * 10);
    run_round(rig);
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace forebay::gateway::delivery
