// What goes to the server and what each answer means, one by one; s3_faults_test.cpp crosses all faults with all calls.
#include "gateway/delivery/stores/s3_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hex.h"
#include "tests/unit/delivery/stores/s3_rig.h"

namespace forebay::gateway::delivery {
namespace {

using test::S3CallKind;
using test::S3Fault;
using ::testing::AllOf;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::Not;

std::string header_of(const test::ScriptedS3::Seen& seen, const std::string& name) {
  for (const auto& [given, value] : seen.headers)
    if (given == name) return value;
  return "(none)";
}

TEST(S3Store, PutsConditionallyWithDigestAndMetadata) {
  S3Rig rig;
  ObjectToPut object;
  object.key = "dt=1/a b.gz";
  object.body = as_bytes("hello");
  object.content_type = "application/gzip";
  object.content_encoding = "gzip";
  EXPECT_EQ(*rig.store->put(object), PutOutcome::created);
  const auto seen = rig.server.seen();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].url, "http://s3.example:9000/bucket/dt%3D1/a%20b.gz");
  EXPECT_EQ(header_of(seen[0], "if-none-match"), "*");
  EXPECT_EQ(header_of(seen[0], "content-type"), "application/gzip");
  EXPECT_EQ(header_of(seen[0], "content-encoding"), "gzip");
  const std::string digest = to_hex(sha256(as_bytes("hello")));
  EXPECT_EQ(header_of(seen[0], "x-amz-meta-forebay-sha256"), digest);
  EXPECT_EQ(header_of(seen[0], "x-amz-content-sha256"), digest);
  EXPECT_EQ(header_of(seen[0], "x-amz-security-token"), "TOKEN-CANARY");
  EXPECT_THAT(header_of(seen[0], "authorization"), HasSubstr("AKID1/20260102/eu-west-1/s3/aws4_request"));
}

TEST(S3Store, AnObjectInTheWayIsToldApartByLengthAndDigest) {
  S3Rig rig;
  ASSERT_EQ(*rig.put("k", "one"), PutOutcome::created);
  EXPECT_EQ(*rig.put("k", "one"), PutOutcome::same);
  EXPECT_EQ(*rig.put("k", "two"), PutOutcome::different);
  EXPECT_EQ(*rig.put("k", "three"), PutOutcome::different);
  EXPECT_EQ(rig.server.count(S3CallKind::get), 0);
  // Written by somebody else, so without our digest: the bytes decide.
  rig.server.set_object("foreign", as_bytes("one"));
  EXPECT_EQ(*rig.put("foreign", "one"), PutOutcome::same);
  EXPECT_EQ(*rig.put("foreign", "two"), PutOutcome::different);
  EXPECT_EQ(rig.stored("foreign"), "one");
}

TEST(S3Store, ANameThatIsTakenForNothingIsPutAfterLookingThreeTimes) {
  S3Rig rig;
  rig.server.hold_name("k");
  EXPECT_EQ(*rig.put("k", "one"), PutOutcome::created);
  EXPECT_EQ(rig.server.count(S3CallKind::put), 4);
  EXPECT_EQ(rig.pause->take(), (std::vector<Milliseconds>{Milliseconds(1000), Milliseconds(1000)}))
      << "another writer's object gets the time to appear";
  EXPECT_EQ(rig.stored("k"), "one");
  EXPECT_EQ(*rig.put("k", "two"), PutOutcome::different) << "what is there is never overwritten";
  EXPECT_EQ(rig.stored("k"), "one");
}

TEST(S3Store, LargeObjectsGoUpInPartsAndOnlyTheWholeAppears) {
  S3Rig rig;
  const std::string body = body_of(3500, 1);
  ASSERT_EQ(*rig.put("large", body), PutOutcome::created);
  EXPECT_EQ(rig.stored("large"), body);
  EXPECT_EQ(rig.server.count(S3CallKind::put_part), 4);
  EXPECT_EQ(rig.server.count(S3CallKind::put), 0);
  EXPECT_EQ(rig.server.objects().at("large").headers.at("x-amz-meta-forebay-sha256"), to_hex(sha256(as_bytes(body))));
  EXPECT_EQ(*rig.put("large", body), PutOutcome::same);
  EXPECT_EQ(*rig.put("large", body_of(3500, 2)), PutOutcome::different);
  EXPECT_EQ(rig.server.count(S3CallKind::create_upload), 1) << "what is there already is not sent again";
  EXPECT_EQ(rig.server.uploads(), 0u);
}

TEST(S3Store, ACompleteThatGotThroughUnheardIsFoundByLooking) {
  S3Rig rig;
  const std::string body = body_of(2500, 1);
  rig.server.script(S3CallKind::complete_upload, S3Fault::lost_answer);  // the repeat meets 404 NoSuchUpload
  const auto outcome = rig.put("k", body);
  ASSERT_TRUE(outcome.ok()) << outcome.error().to_string();
  EXPECT_EQ(*outcome, PutOutcome::same);
  EXPECT_EQ(rig.stored("k"), body);
  EXPECT_EQ(rig.server.objects().at("k").writes, 1);
}

TEST(S3Store, AnUploadThatTheServerLostIsBegunAnew) {
  S3Rig rig;
  const std::string body = body_of(2500, 1);
  rig.server.script(S3CallKind::complete_upload, S3Fault::lost_upload);
  EXPECT_EQ(*rig.put("k", body), PutOutcome::created);
  rig.server.script(S3CallKind::put_part, S3Fault::lost_upload);
  EXPECT_EQ(*rig.put("k2", body), PutOutcome::created);
  rig.server.script(S3CallKind::complete_upload, S3Fault::conflict);
  EXPECT_EQ(*rig.put("k3", body), PutOutcome::created);
  EXPECT_EQ(rig.server.count(S3CallKind::create_upload), 6);
  EXPECT_EQ(rig.server.uploads(), 0u);
  rig.server.script(S3CallKind::complete_upload, S3Fault::conflict, 100);
  EXPECT_EQ(rig.put("k4", body).error().code, Errc::unavailable);
  EXPECT_EQ(rig.server.count(S3CallKind::create_upload), 9) << "three uploads and no more";
}

TEST(S3Store, ASuccessOfCompleteCountsWhenTheObjectIsThere) {
  S3Rig rig;
  const std::string body = body_of(2500, 1);
  rig.server.script(S3CallKind::complete_upload, S3Fault::empty_promise);
  EXPECT_EQ(*rig.put("k", body), PutOutcome::created);
  EXPECT_EQ(rig.stored("k"), body);
  EXPECT_EQ(rig.server.count(S3CallKind::create_upload), 2);
}

TEST(S3Store, AnErrorInsideA200IsNoSuccess) {
  S3Rig rig;
  const std::string body = body_of(2500, 1);
  rig.server.script(S3CallKind::complete_upload, S3Fault::error_in_200, 2);
  EXPECT_EQ(*rig.put("k", body), PutOutcome::created);
  rig.server.script(S3CallKind::complete_upload, S3Fault::error_in_200, 100);
  const auto outcome = rig.put("k2", body);
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, Errc::unavailable);
  EXPECT_THAT(outcome.error().context, HasSubstr("complete multipart upload of k2: 200 InternalError"));
  EXPECT_EQ(rig.server.uploads(), 0u) << "the upload is aborted";
}

TEST(S3Store, RepeatsAreFewAndSpreadOut) {
  S3Rig rig;
  rig.server.script(S3CallKind::put, S3Fault::internal_error, 100);
  const auto outcome = rig.put("k", "x");
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, Errc::unavailable);
  EXPECT_THAT(outcome.error().context, HasSubstr("bucket bucket, put k: 500 InternalError: told so"));
  EXPECT_EQ(rig.server.count(S3CallKind::put), 5);
  const auto pauses = rig.pause->take();
  ASSERT_EQ(pauses.size(), 4u);
  for (const Milliseconds pause : pauses) EXPECT_THAT(pause.count(), AllOf(Ge(1), Le(2000)));
  rig.server.stop_failing();
  rig.server.script(S3CallKind::put, S3Fault::slow_down);
  EXPECT_EQ(*rig.put("k", "x"), PutOutcome::created);
  EXPECT_GE(rig.pause->take().at(0).count(), 1000) << "Retry-After counts";
  // A request that hangs costs its whole time limit: twice and no more.
  rig.server.script(S3CallKind::put, S3Fault::timeout_before, 100);
  EXPECT_EQ(rig.put("k2", "x").error().code, Errc::timed_out);
  EXPECT_EQ(rig.server.count(S3CallKind::put), 5 + 2 + 2);
}

TEST(S3Store, ADifferentClockIsLearntOnce) {
  for (const int minutes : {20, -20, 60 * 24 * 400}) {
    S3Rig rig;
    rig.server.set_clock_ahead(std::chrono::minutes(minutes));
    EXPECT_EQ(*rig.put("k", "x"), PutOutcome::created) << minutes;
    EXPECT_EQ(*rig.put("k2", "x"), PutOutcome::created);
    EXPECT_EQ(rig.server.count(S3CallKind::put), 3) << "only the first call is repeated";
    EXPECT_EQ(rig.log.count("clock differs"), 1u);
  }
}

TEST(S3Store, AnExpiredKeyIsReplacedOnceAndNeverShown) {
  S3Rig rig(1, true, {"AKID1", "AKID2", "AKID3"});
  rig.server.accept_only("AKID2");
  EXPECT_EQ(*rig.put("k", "x"), PutOutcome::created);
  EXPECT_EQ(*rig.put("k", "x"), PutOutcome::same);
  EXPECT_EQ(rig.server.count(S3CallKind::put), 3);
  rig.server.accept_only("AKID9");
  const auto refused = rig.put("k2", "x");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Errc::permission);
  EXPECT_THAT(refused.error().context, HasSubstr("InvalidAccessKeyId"));
  EXPECT_THAT(refused.error().context, Not(HasSubstr("CANARY")));
  EXPECT_EQ(rig.log.count("CANARY"), 0u);
  // HEAD says 403 without a code: the key is replaced there too.
  S3Rig head(1, true, {"AKID1", "AKID2"});
  head.server.accept_only("AKID2");
  EXPECT_EQ(*head.put("large", body_of(2500, 1)), PutOutcome::created);
}

TEST(S3Store, ARedirectIsAnErrorThatTellsWhereTo) {
  S3Rig rig;
  rig.server.script(S3CallKind::put, S3Fault::redirect);
  const auto outcome = rig.put("k", "x");
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, Errc::unavailable);
  EXPECT_THAT(outcome.error().context, HasSubstr("other.example"));
  EXPECT_THAT(outcome.error().context, HasSubstr("set the region to eu-west-1"));
  EXPECT_THAT(outcome.error().context, Not(HasSubstr("Secret")));
  EXPECT_EQ(rig.server.seen().size(), 1u);
}

TEST(S3Store, AStoreWithoutConditionsIsAskedFirst) {
  S3Rig rig(1, false);
  rig.server.ignore_conditions(true);
  EXPECT_EQ(*rig.put("k", "one"), PutOutcome::created);
  EXPECT_EQ(*rig.put("k", "one"), PutOutcome::same);
  EXPECT_EQ(*rig.put("k", "two"), PutOutcome::different);
  const std::string body = body_of(2500, 1);
  EXPECT_EQ(*rig.put("large", body), PutOutcome::created);
  EXPECT_EQ(*rig.put("large", body_of(2500, 2)), PutOutcome::different);
  for (const auto& [key, object] : rig.server.objects()) EXPECT_EQ(object.writes, 1) << key;
  // There are stores that refuse what they do not know.
  for (const auto& seen : rig.server.seen()) EXPECT_EQ(header_of(seen, "if-none-match"), "(none)") << seen.url;
}

TEST(S3Store, GetKnowsAbsentFromTooLargeFromMissingBucket) {
  S3Rig rig;
  rig.server.set_object("k", as_bytes("12345"));
  EXPECT_EQ(as_text(**rig.store->get("k", 5)), "12345");
  EXPECT_EQ(rig.store->get("k", 4).error().code, Errc::too_large);
  const auto absent = rig.store->get("absent", 5);
  ASSERT_TRUE(absent.ok());
  EXPECT_FALSE(absent->has_value());
  rig.server.set_object("big", as_bytes(std::string(200'000, 'x')));
  EXPECT_EQ(rig.store->get("big", 5).error().code, Errc::too_large);
}

TEST(S3Store, ListsOverPagesBehindAKeyAndWithALimit) {
  S3Rig rig;
  for (int i = 0; i < 25; ++i) rig.server.set_object("p/" + std::to_string(100 + i) + "=a b+c", as_bytes("x"));
  rig.server.set_object("q", as_bytes("x"));
  rig.server.set_page_size(10);
  const auto all = rig.store->list("p/", "", 1000);
  ASSERT_TRUE(all.ok()) << all.error().to_string();
  ASSERT_EQ(all->size(), 25u);
  EXPECT_EQ(all->front().key, "p/100=a b+c");
  EXPECT_EQ(all->back().key, "p/124=a b+c");
  EXPECT_EQ(all->front().modified, rig.clock.wall_now());
  EXPECT_EQ(rig.server.count(S3CallKind::list), 3);
  const auto some = rig.store->list("p/", "p/110=a b+c", 3);
  ASSERT_EQ(some->size(), 3u);
  EXPECT_EQ((*some)[0].key, "p/111=a b+c");
  EXPECT_TRUE(rig.store->list("none", "", 10)->empty());
}

TEST(S3Store, AbortsLeftoversThatAreOldEnough) {
  S3Rig rig;
  rig.server.set_page_size(2);
  const WallTime now = rig.clock.wall_now();
  const std::string name = "lake-1-2026-01-02-03-04-05-11111111-2222-8333-8444-55555555555";
  const WallTime old = now - std::chrono::hours(48);
  for (int i = 0; i < 5; ++i) rig.server.add_upload("a/" + name + std::to_string(i), old);
  rig.server.add_upload("a/" + name + "5", now);
  rig.server.add_upload("b/" + name + "0", old);
  rig.server.add_upload("a/pond" + name.substr(4) + "0", old);
  rig.server.add_upload("a/2026-01-" + name + "6", old);  // below a prefix that does not end in a slash
  rig.server.add_upload("a/somebody-elses.tar", old);
  const auto aborted = rig.store->abort_leftovers("a/", "lake", now - std::chrono::hours(24));
  ASSERT_TRUE(aborted.ok()) << aborted.error().to_string();
  EXPECT_EQ(*aborted, 6u);
  EXPECT_EQ(rig.server.uploads(), 4u) << "new, elsewhere, of another delivery stream, not ours";
}

TEST(S3Store, CancelEndsEverything) {
  S3Rig rig;
  rig.store->cancel();
  EXPECT_EQ(rig.put("k", "x").error().code, Errc::cancelled);
  EXPECT_EQ(rig.put("large", body_of(5000, 1)).error().code, Errc::cancelled);
  EXPECT_EQ(rig.store->list("", "", 1).error().code, Errc::cancelled);
}

TEST(S3Store, KeysThatAreNoneAreRefusedBeforeAnyRequest) {
  S3Rig rig;
  for (const std::string key : {"", "../x", "a/./b", "a\nb", "\xff"}) {
    EXPECT_EQ(rig.put(key, "x").error().code, Errc::invalid_argument);
    EXPECT_EQ(rig.store->get(key, 1).error().code, Errc::invalid_argument);
    EXPECT_EQ(rig.store->remove(key).error().code, Errc::invalid_argument);
  }
  EXPECT_TRUE(rig.server.seen().empty());
}

}  // namespace
}  // namespace forebay::gateway::delivery
