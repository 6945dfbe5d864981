// Lineages of the uploader: their order, their end, and what happens when a copy or an older state of the machine has
// used the same identity (reliability 4.2, A1-A3, G3).
#include "agent/agent_metrics.h"
#include "agent/uploader/upload_session.h"
#include "tests/unit/agent/uploader/upload_session_rig.h"

namespace forebay::agent {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class UploadLineageTest : public UploadSessionTest {};

TEST_F(UploadLineageTest, OlderLineagesAreDrainedFirst) {
  spool.put("web", "k", "old");
  spool.reopen();
  spool.put("web", "k", "newer");
  spool.reopen();
  spool.put("web", "k", "newest");
  make();
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=old", "k=newer", "k=newest"));
}

TEST_F(UploadLineageTest, LineagesThatAreDrainedAndPastTheGraceAreClosedAtTheGateway) {
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

TEST_F(UploadLineageTest, UnsentOrUnaskedLineagesAreNeverClosed) {
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

TEST_F(UploadLineageTest, GatewayThatHasMoreThanWasAcknowledgedIsNotBelievedWithoutItsChecksum) {
  spool.put("web", "k", "mine");
  const auto forked = spool.lane("web");
  gateway.state.lanes[{forked.lineage, 11}] = {1, {{1, {1, 99}}}};  // a copy of this machine was first
  spool.reopen();
  make();
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=mine"));
  EXPECT_EQ(metrics.counter(metrics::kResealedRecords).value(), 1u);
}

TEST_F(UploadLineageTest, ForkedOverlapIsAppendedAnewOnceAlsoAfterACrash) {
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

TEST_F(UploadLineageTest, ForkOfThisRunNeedsARestart) {
  spool.put("web", "k", "a");
  make();
  drive(1);
  gateway.answer_instead["web"] = wire::upload::LaneOutcome::forked;
  drive();
  EXPECT_TRUE(session->restart_needed());
  EXPECT_EQ(spool.lanes_map[spool.lane("web")].acked, 0u);
}

TEST_F(UploadLineageTest, StaleLineageIsSetAsideAndTheNextOneGoesOn) {
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

TEST_F(UploadLineageTest, ClosedIdentityOfThisRunIsReplacedAndItsRecordsGoOn) {
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
  spool.put("third", "k", "of a lane that began meanwhile");
  gateway.streams["third"] = 13;

  spool.reopen(ordinal_min);
  make();
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=delivered", "k=kept", "k=and until the end"));
  EXPECT_THAT(delivered("sys"), ElementsAre("k=too"));
  EXPECT_THAT(delivered("third"), ElementsAre("k=of a lane that began meanwhile"));
  EXPECT_EQ(spool.usage().unacknowledged_records, 0u);
}

TEST_F(UploadLineageTest, IdentityClosedBetweenTwoBatchesIsReplaced) {
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

}  // namespace
}  // namespace forebay::agent
