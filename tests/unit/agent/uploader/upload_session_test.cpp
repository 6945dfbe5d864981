// UploadSession with UploaderFsm against a spool and a gateway in memory: every outcome of the upload protocol and what
// the agent does next (reliability 4.3). Aim: each record once, in order, or declared lost.
#include "agent/uploader/upload_session.h"

#include "agent/agent_metrics.h"
#include "tests/unit/agent/uploader/upload_session_rig.h"

namespace forebay::agent {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(UploadSessionTest, RecordsArriveInOrderAndAreAcknowledged) {
  for (int i = 0; i < 5; ++i) spool.put("web", "k", std::to_string(i));
  make();
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=0", "k=1", "k=2", "k=3", "k=4"));
  EXPECT_EQ(spool.lanes_map[spool.lane("web")].acked, 5u);
  EXPECT_EQ(spool.lanes_map[spool.lane("web")].incarnation, 11u);
  EXPECT_EQ(remembered, 1u);
  EXPECT_TRUE(session->fsm().drained());
  EXPECT_EQ(freed, 1);
}

TEST_F(UploadSessionTest, LostReplyIsResentByteForByteAndCountsOnce) {
  spool.put("web", "k", "a");
  make();
  drive(1);
  gateway.lose_reply = true;
  gateway.fail_next(FailureKind::link);
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=a"));
  ASSERT_THAT(gateway.bodies, SizeIs(2));
  EXPECT_EQ(gateway.bodies[0], gateway.bodies[1]);
  EXPECT_EQ(spool.lanes_map[spool.lane("web")].acked, 1u);
}

TEST_F(UploadSessionTest, RequestsShrinkToWhatAProxyTakesAndStayThere) {
  settings.codec = 0;
  settings.batch_bytes_max = 256_KiB;
  for (int i = 0; i < 64; ++i) spool.put("web", "k", std::string(64_KiB, 'a'));
  gateway.proxy_bytes_max = 600_KiB;
  make();
  drive();
  EXPECT_THAT(delivered(), SizeIs(64));
  EXPECT_GT(log.count("HTTP 413"), 0u);
  EXPECT_LE(log.count("HTTP 413"), 3u) << "half as large each time, and never tried again";
  EXPECT_LE(session->fsm().request_bytes_max(), 600_KiB);
}

TEST_F(UploadSessionTest, RequestsGrowAgainAfterTheLinkFailed) {
  settings.codec = 0;
  for (int i = 0; i < 16; ++i) spool.put("web", "k", std::string(64_KiB, 'a'));
  make();
  drive(1);
  gateway.fail_next(FailureKind::link, 3);
  drive(6);
  EXPECT_LT(session->fsm().request_bytes_max(), settings.request_bytes_max);
  for (int i = 0; i < 16; ++i) {
    spool.put("web", "k", "a");
    drive();
  }
  EXPECT_EQ(session->fsm().request_bytes_max(), settings.request_bytes_max);
  EXPECT_THAT(delivered(), SizeIs(32));
}

TEST_F(UploadSessionTest, AfterFailuresOfTheLinkLessIsSealedAtOnce) {
  settings.codec = 0;
  for (int i = 0; i < 16; ++i) spool.put("web", "k", std::string(16_KiB, 'a'));
  make();
  drive(1);
  gateway.fail_next(FailureKind::link, 4);
  drive(8);
  for (int i = 0; i < 16; ++i) spool.put("web", "k", std::string(64_KiB, 'b'));
  drive();
  EXPECT_THAT(delivered(), SizeIs(32));
  EXPECT_EQ(spool.lanes_map[spool.lane("web")].seals.at(17).count, 5u) << "a little over 256 KiB; 1 MiB on a good link";
}

TEST_F(UploadSessionTest, ResendAfterRestartCarriesTheSamePartsAlthoughTheMapChanged) {
  spool.put("web", "k", "a");
  spool.put("web", "l", "b");
  make();
  drive(1);
  gateway.fail_next(FailureKind::link);
  drive(1);
  const auto first = wire::upload::decode_batches_request(gateway.bodies.at(0));
  gateway.ranges = {HashKeyRange{{}, {~0ull >> 1, ~0ull}}, HashKeyRange{{(~0ull >> 1) + 1, 0}, HashKey::max()}};
  spool.reopen();
  make();
  drive();
  const auto second = wire::upload::decode_batches_request(gateway.bodies.at(1));
  ASSERT_TRUE(first && second);
  ASSERT_EQ(first->batches[0].parts.size(), second->batches[0].parts.size());
  EXPECT_EQ(as_text(first->batches[0].parts[0]), as_text(second->batches[0].parts[0]));
  EXPECT_EQ(first->batches[0].records_crc, second->batches[0].records_crc);
}

TEST_F(UploadSessionTest, ASpoolWithoutRoomForASealIsTriedAgainLater) {
  spool.put("web", "k", "a");
  make();
  drive(1);
  spool.seals_without_room = 3;
  const SteadyTime before = clock.steady_now();
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=a"));
  EXPECT_GT(clock.steady_now(), before) << "not at once";
  EXPECT_EQ(log.count("no room to seal"), 3u);
}

TEST_F(UploadSessionTest, MissingStreamKeepsRecordsAndShowsTheCommandOnce) {
  spool.put("new", "k", "a");
  spool.put("web", "k", "b");
  make();
  drive(30);
  EXPECT_THAT(delivered(), ElementsAre("k=b"));
  EXPECT_EQ(log.count("forebay stream create new --shards 1"), 1u);
  EXPECT_FALSE(session->fsm().drained());
  gateway.streams["new"] = 12;
  drive();
  EXPECT_THAT(delivered("new"), ElementsAre("k=a"));
}

TEST_F(UploadSessionTest, GatewayRolledBackWithinGraceGetsItsRecordsAgain) {
  for (int i = 0; i < 3; ++i) spool.put("web", "k", std::to_string(i));
  make();
  drive();
  gateway.state = {};
  gateway.timeline = 2;
  spool.put("web", "k", "3");
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=0", "k=1", "k=2", "k=3"));
  EXPECT_THAT(spool.gaps, IsEmpty());
  EXPECT_EQ(remembered, 2u);
}

TEST_F(UploadSessionTest, GatewayRolledBackBeyondGraceDeclaresExactlyWhatIsGone) {
  for (int i = 0; i < 4; ++i) spool.put("web", "k", std::to_string(i));
  make();
  drive();
  const auto lane = spool.lane("web");
  spool.lanes_map[lane].first = 3;
  spool.lanes_map[lane].seals.clear();
  gateway.state = {};
  gateway.timeline = 2;
  spool.put("web", "k", "4");
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=2", "k=3", "k=4"));
  ASSERT_THAT(spool.gaps, SizeIs(1));
  EXPECT_EQ(spool.gaps[0].from, 1u);
  EXPECT_EQ(spool.gaps[0].to, 2u);
  EXPECT_EQ(spool.gaps[0].reason, "gateway_lost");
}

TEST_F(UploadSessionTest, GapAnswerIsFilledFromTheSpool) {
  for (int i = 0; i < 3; ++i) spool.put("web", "k", std::to_string(i));
  make();
  drive();
  gateway.state = {};  // the same timeline, as if its disk forgot
  spool.put("web", "k", "3");
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=0", "k=1", "k=2", "k=3"));
}

TEST_F(UploadSessionTest, DroppedOldestRecordsMoveTheLaneStart) {
  for (int i = 0; i < 5; ++i) spool.put("web", "k", std::to_string(i));
  spool.lanes_map[spool.lane("web")].first = 4;
  make();
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=3", "k=4"));
  EXPECT_THAT(spool.gaps, IsEmpty()) << "the spool itself declares what it drops";
}

TEST_F(UploadSessionTest, RecordsDroppedDuringASessionReopenTheLane) {
  spool.put("web", "k", "0");
  make();
  drive();
  for (int i = 1; i < 6; ++i) spool.put("web", "k", std::to_string(i));
  spool.lanes_map[spool.lane("web")].first = 4;
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=0", "k=3", "k=4", "k=5"));
  EXPECT_TRUE(session->fsm().drained());
}

TEST_F(UploadSessionTest, RefusedBatchIsKeptInAFileDeclaredAndSkipped) {
  spool.put("web", "k", "bad");
  make();
  drive(1);
  gateway.answer_instead["web"] = wire::upload::LaneOutcome::refused;
  one(session->next(false));
  spool.put("web", "k", "good");
  spool.lanes_map[spool.lane("web")].seals.erase(2);
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=good"));
  ASSERT_THAT(spool.gaps, SizeIs(1));
  EXPECT_EQ(spool.gaps[0].reason, "refused");
  EXPECT_EQ(files.list(folder.file("parked"))->size(), 1u);
}

TEST_F(UploadSessionTest, RefusedBatchWhoseGapFindsNoRoomIsDeclaredBeforeAnythingBehindItIsAcknowledged) {
  spool.put("web", "k", "bad");
  make();
  drive(1);
  spool.gaps_without_room = 1;
  gateway.answer_instead["web"] = wire::upload::LaneOutcome::refused;
  one(session->next(false));
  EXPECT_TRUE(spool.gaps.empty());
  spool.put("web", "k", "good");
  spool.lanes_map[spool.lane("web")].seals.erase(2);
  gateway.answer_instead["web"] = wire::upload::LaneOutcome::refused;
  drive();
  ASSERT_THAT(spool.gaps, SizeIs(1));
  EXPECT_EQ(spool.gaps[0].from, 1u);
  EXPECT_EQ(spool.gaps[0].to, 1u);
  EXPECT_THAT(delivered(), ElementsAre("k=good"));
}

TEST_F(UploadSessionTest, ReopenAnswerOpensAgainAndAcknowledgesNothing) {
  spool.put("web", "k", "a");
  make();
  drive(1);
  gateway.answer_instead["web"] = wire::upload::LaneOutcome::reopen;
  drive();
  EXPECT_EQ(gateway.opens, 2);
  EXPECT_THAT(delivered(), ElementsAre("k=a"));
}

TEST_F(UploadSessionTest, StreamMadeAnewGetsWhatTheSpoolStillHas) {
  spool.put("web", "k", "a");
  make();
  drive();
  gateway.streams["web"] = 12;
  gateway.state.records.clear();
  spool.put("web", "k", "b");
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=a", "k=b"));
  EXPECT_THAT(spool.gaps, IsEmpty());
}

TEST_F(UploadSessionTest, ThrottledLaneWaitsWhileOthersGoOn) {
  gateway.streams["sensors"] = 13;
  spool.put("web", "k", "a");
  spool.put("sensors", "k", "b");
  make();
  drive(1);
  gateway.answer_instead["web"] = wire::upload::LaneOutcome::throttled;
  one(session->next(false));
  EXPECT_THAT(delivered("sensors"), ElementsAre("k=b"));
  EXPECT_THAT(delivered(), IsEmpty());
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=a"));
}

TEST_F(UploadSessionTest, FailuresBackOffUpToTheCapAndLinkUpEndsTheWait) {
  spool.put("web", "k", "a");
  make();
  gateway.fail_next(FailureKind::link, 20);
  for (int i = 0; i < 20; ++i) {
    Step step = session->next(false);
    if (const auto* wait = std::get_if<StepWait>(&step)) {
      ASSERT_LE(*wait->until - clock.steady_now(), std::chrono::minutes(1));
      session->fsm().link_up();
      step = session->next(false);
    }
    ASSERT_TRUE(std::holds_alternative<StepOpen>(step)) << "a link that came up is used at once";
    one(step);
  }
  EXPECT_EQ(session->status().link, LinkState::down);
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=a"));
  EXPECT_EQ(session->status().link, LinkState::up);
}

TEST_F(UploadSessionTest, AnswersOfAnotherSizeAcknowledgeNothingAndBackOff) {
  spool.put("web", "k", "a");
  make();
  Step step = session->next(false);
  ASSERT_TRUE(session->complete_open(std::get<StepOpen>(step), wire::upload::OpenReply()));
  EXPECT_EQ(session->status().last_error, "the gateway answered another number of lanes");
  session->fsm().link_up();
  drive(1);
  step = session->next(false);
  auto request = session->prepare(std::get<StepSend>(step));
  ASSERT_TRUE(request && *request);
  wire::upload::BatchesReply empty;
  empty.timeline = gateway.timeline;
  const auto taken = session->complete(**request, empty);
  ASSERT_TRUE(taken);
  EXPECT_FALSE(*taken);
  EXPECT_EQ(spool.lanes_map[spool.lane("web")].acked, 0u);
}

TEST_F(UploadSessionTest, SmallBatchWaitsForItsAge) {
  make();
  session->fsm().set_draining(false);
  drive();
  spool.put("web", "k", "a");
  one(session->next(false));  // open
  const Step step = session->next(false);
  const auto* wait = std::get_if<StepWait>(&step);
  ASSERT_NE(wait, nullptr);
  ASSERT_TRUE(wait->until);
  EXPECT_EQ(*wait->until - clock.steady_now(), std::chrono::seconds(1));
  clock.advance(std::chrono::seconds(1));
  EXPECT_TRUE(std::holds_alternative<StepSend>(session->next(false)));
}

TEST_F(UploadSessionTest, FullBatchIsSentAtOnce) {
  make();
  session->fsm().set_draining(false);
  spool.put("web", "k", "a");
  one(session->next(false));
  session->fsm().stream_grew("web", settings.batch_bytes_max);
  EXPECT_TRUE(std::holds_alternative<StepSend>(session->next(false)));
}

TEST_F(UploadSessionTest, BacklogOfOneLaneTakesSeveralFullBatchesPerRequest) {
  settings.batch_bytes_max = 10;
  std::vector<std::string> expected;
  for (int i = 10; i < 20; ++i) {
    spool.put("web", "k", "ten bytes " + std::to_string(i));
    expected.push_back("k=ten bytes " + std::to_string(i));
  }
  make();
  drive();
  EXPECT_EQ(delivered(), expected);
  EXPECT_EQ(gateway.sends, 3) << "four batches each";
}

TEST_F(UploadSessionTest, LostReplyOfSeveralBatchesIsResentWholeAndCountsOnce) {
  settings.batch_bytes_max = 10;
  for (int i = 10; i < 18; ++i) spool.put("web", "k", "ten bytes " + std::to_string(i));
  make();
  drive(1);
  gateway.lose_reply = true;
  gateway.fail_next(FailureKind::link, 2);
  drive();
  EXPECT_THAT(delivered(), SizeIs(8));
  ASSERT_GE(gateway.bodies.size(), 3u);
  EXPECT_EQ(gateway.bodies[0], gateway.bodies[1]);
  EXPECT_EQ(gateway.bodies[1], gateway.bodies[2]);
}

TEST_F(UploadSessionTest, ThrottledFirstBatchMakesTheNextOnesWaitToo) {
  settings.batch_bytes_max = 10;
  for (int i = 10; i < 14; ++i) spool.put("web", "k", "ten bytes " + std::to_string(i));
  make();
  drive(1);
  gateway.answer_instead["web"] = wire::upload::LaneOutcome::throttled;
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=ten bytes 10", "k=ten bytes 11", "k=ten bytes 12", "k=ten bytes 13"));
}

TEST_F(UploadSessionTest, NextRequestIsCutWhileOneIsUnderWay) {
  settings.lane_batches_per_request_max = 1;
  settings.batch_bytes_max = 1;
  spool.put("web", "k", "a");
  spool.put("web", "k", "b");
  make();
  drive(1);
  const Step first = session->next(false);
  auto request = session->prepare(std::get<StepSend>(first));
  ASSERT_TRUE(request && *request);
  const Step second = session->next(true);
  ASSERT_TRUE(std::holds_alternative<StepSend>(second));
  EXPECT_EQ(std::get<StepSend>(second).plans.at(0).after, 1u);
}

}  // namespace
}  // namespace forebay::agent
