// The spool drops records behind a batch that is under way: what is under way must still arrive, or be declared.
#include "tests/unit/agent/uploader/upload_session_rig.h"

namespace forebay::agent {
namespace {

using testing::ElementsAre;

/// Five records: the first two are under way when the spool drops the third and fourth behind them.
class DroppedBehindTest : public UploadSessionTest {
 protected:
  void begin() {
    settings.batch_bytes_max = 1;
    for (const char* data : {"a", "b", "c", "d", "e"}) spool.put("web", "k", data);
    make();
    drive(1);
  }
  void drop(std::uint64_t from, std::uint64_t to) { spool.lanes_map[spool.lane("web")].dropped.add({from, to}); }
  std::optional<UploadRequest> cut_next(bool in_flight) {
    auto step = session->next(in_flight);
    EXPECT_TRUE(std::holds_alternative<StepSend>(step));
    auto request = session->prepare(std::get<StepSend>(step));
    EXPECT_TRUE(request);
    return std::move(*request);
  }
};

TEST_F(DroppedBehindTest, HoleSeenWhileTheRecordsBeforeItAreUnderWayDoesNotSettleThem) {
  settings.lane_batches_per_request_max = 2;
  begin();
  const auto request = cut_next(false);
  ASSERT_TRUE(request);
  drop(3, 4);
  EXPECT_FALSE(cut_next(true)) << "what follows the hole waits for what is under way";
  gateway.fail_next(FailureKind::link);
  ASSERT_TRUE(session->complete(*request, gateway.send(request->body)));
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=a", "k=b", "k=e"));
}

TEST_F(DroppedBehindTest, HoleSeenInTheRequestOfTheRecordsBeforeItDoesNotSettleThem) {
  begin();
  drop(3, 4);
  gateway.fail_next(FailureKind::link);
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=a", "k=b", "k=e"));
}

TEST_F(DroppedBehindTest, NothingLeftBehindTheRecordsUnderWayDoesNotSettleThem) {
  settings.lane_batches_per_request_max = 2;
  begin();
  const auto request = cut_next(false);
  ASSERT_TRUE(request);
  drop(3, 5);
  EXPECT_FALSE(cut_next(true));
  gateway.fail_next(FailureKind::link);
  ASSERT_TRUE(session->complete(*request, gateway.send(request->body)));
  drive();
  EXPECT_THAT(delivered(), ElementsAre("k=a", "k=b"));
}

}  // namespace
}  // namespace forebay::agent
