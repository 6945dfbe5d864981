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

TEST_F(UploadSessionTest, RequestsShrinkToWhatAProxyTakesAndGrowAgain) {
  settings.codec = 0;
  settings.batch_bytes_max = 256_KiB;
  for (int i = 0; i < 64; ++i) spool.put("web", "k", std::string(64_KiB, 'a'));
  gateway.proxy_bytes_max = 600_KiB;
  make();
  drive();
  EXPECT_THAT(delivered(), SizeIs(64));
  EXPECT_GT(log.count("HTTP 413"), 0u);
  EXPECT_LE(log.count("HTTP 413"), 16u) << "one in two, once it is found, since it tries whether more goes";

  gateway.proxy_bytes_max = ~std::size_t{0};
  for (int i = 0; i < 64; ++i) {
    spool.put("web", "k", "a");
    drive();
  }
  EXPECT_EQ(session->fsm().request_bytes_max(), settings.request_bytes_max);
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

TEST_F(UploadSessionTest, OlderLineagesAreDrainedFirst) {
  spool.put("web", "k", "old");
  spool.reopen();
  spool.put("web", "k", "newer");
  spool.reopen();
  spool.put("web", "k", "newest");
  make();
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=old", "k=newer", "k=newest"));
}

TEST_F(UploadSessionTest, LineagesThatAreDrainedAndPastTheGraceAreClosedAtTheGateway) {
  for (int run = 0; run < 4; ++run) {
    spool.put("web", "k", std::to_string(run));
    spool.reopen();
  }
  spool.put("web", "k", "now");
  make();
  drive();
  EXPECT_THAT(gateway.closes, IsEmpty()) << "their data is still there, for a gateway that loses its own";
  EXPECT_THAT(gateway.state.lanes, SizeIs(5));
  for (auto& [id, lane] : spool.lanes_map)
    if (id.lineage.ordinal <= 2 || id.lineage.ordinal == 4) lane.first = 2;  // freed; 3 is not
  gateway.fail_next(FailureKind::link);
  drive();
  ASSERT_THAT(gateway.closes, SizeIs(1));
  EXPECT_EQ(gateway.closes[0].through, 2u) << "not beyond one that is still there";
  EXPECT_EQ(gateway.closes[0].device, "press-07");
  EXPECT_EQ(gateway.closes[0].root, spool.lineage().root);
  EXPECT_THAT(gateway.state.lanes, SizeIs(3));
  EXPECT_THAT(spool.lanes_map, SizeIs(3));
  spool.lanes_map.begin()->second.first = 2;
  drive();
  ASSERT_THAT(gateway.closes, SizeIs(2));
  EXPECT_EQ(gateway.closes[1].through, 4u);
  EXPECT_THAT(gateway.state.lanes, SizeIs(1)) << "this run's own stays";
  spool.put("web", "k", "later");
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=0", "k=1", "k=2", "k=3", "k=now", "k=later"));
}

TEST_F(UploadSessionTest, UnsentOrUnaskedLineagesAreNeverClosed) {
  spool.put("web", "k", "a");
  spool.reopen();
  spool.put("new", "k", "b");  // its stream does not exist
  spool.reopen();
  make();
  for (auto& [id, lane] : spool.lanes_map)
    if (id.stream == "web") lane = {lane.records, 2, 1, 11, {}, {}};
  drive(1);
  EXPECT_THAT(gateway.closes, IsEmpty());
  drive(20);
  ASSERT_THAT(gateway.closes, SizeIs(1));
  EXPECT_EQ(gateway.closes[0].through, 1u);
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

TEST_F(UploadSessionTest, GatewayThatHasMoreThanWasAcknowledgedIsNotBelievedWithoutItsChecksum) {
  spool.put("web", "k", "mine");
  const auto forked = spool.lane("web");
  gateway.state.lanes[{forked.lineage, 11}] = {1, {{1, {1, 99}}}};  // a copy of this machine was first
  spool.reopen();
  make();
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=mine"));
  EXPECT_EQ(metrics.counter(metrics::kResealedRecords).value(), 1u);
}

TEST_F(UploadSessionTest, ForkedOverlapIsAppendedAnewOnceAlsoAfterACrash) {
  spool.put("web", "k", "mine 1");
  spool.put("web", "k", "mine 2");
  spool.put("web", "k", "mine 3");
  const auto forked = spool.lane("web");
  gateway.state.lanes[{forked.lineage, 11}] = {2, {{1, {2, 99}}}};
  spool::Spool::BatchLimits limits;
  ASSERT_TRUE(spool.next_batch(forked, 0, limits));  // sealed 1..3 before the crash: overlaps what the copy sent
  spool.reopen();
  make();
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=mine 1", "k=mine 2", "k=mine 3"));
  // The acknowledgement of the forked lane got lost with a crash; the positions know better.
  spool.lanes_map[forked].acked = 0;
  spool.reopen();
  make();
  drive();
  EXPECT_THAT(delivered(), SizeIs(3));
}

TEST_F(UploadSessionTest, ForkOfThisRunNeedsARestart) {
  spool.put("web", "k", "a");
  make();
  drive(1);
  gateway.answer_instead["web"] = wire::upload::LaneOutcome::forked;
  drive();
  EXPECT_TRUE(session->restart_needed());
  EXPECT_EQ(spool.lanes_map[spool.lane("web")].acked, 0u);
}

TEST_F(UploadSessionTest, StaleLineageIsSetAsideAndTheNextOneGoesOn) {
  spool.put("web", "k", "old");
  gateway.stale.insert(spool.lineage());
  spool.reopen();
  spool.put("web", "k", "new");
  make();
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=new"));
  EXPECT_EQ(log.count("closed this lineage"), 1u);
  EXPECT_EQ(spool.usage().unacknowledged_records, 1u);
}

TEST_F(UploadSessionTest, ClosedIdentityOfThisRunIsReplacedAndItsRecordsGoOn) {
  gateway.streams["sys"] = 12;
  spool.put("web", "k", "delivered");
  make();
  drive();
  // Another copy of the machine has come to ordinal 40 and closed what was before.
  gateway.stale.insert(spool.lineage());
  gateway.stale_through = 40;
  spool.put("web", "k", "kept");
  spool.put("sys", "k", "too");
  drive();
  EXPECT_TRUE(session->restart_needed());
  EXPECT_EQ(ordinal_min, 41u);
  spool.put("web", "k", "and until the end");

  spool.reopen(ordinal_min);
  make();
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=delivered", "k=kept", "k=and until the end"));
  EXPECT_THAT(delivered("sys"), ElementsAre("k=too"));
  EXPECT_EQ(spool.usage().unacknowledged_records, 0u);
}

TEST_F(UploadSessionTest, IdentityClosedBetweenTwoBatchesIsReplaced) {
  spool.put("web", "k", "a");
  make();
  drive(1);
  gateway.stale_through = 40;
  gateway.answer_instead["web"] = wire::upload::LaneOutcome::stale;
  drive();
  EXPECT_TRUE(session->restart_needed());
  spool.reopen(ordinal_min);
  EXPECT_EQ(spool.lineage().ordinal, 41u);
  make();
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=a"));
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
