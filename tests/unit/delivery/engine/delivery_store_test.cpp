// The engine's tables: what one process writes the next one reads.
#include "gateway/delivery/engine/delivery_store.h"

#include <gtest/gtest.h>

#include "sys/sqlite_database.h"
#include "tests/support/memory_file_system.h"

namespace forebay::test {
namespace {

using namespace forebay::gateway::delivery;
namespace stream = forebay::gateway::stream;

struct StoreTest : ::testing::Test {
  MemoryFileSystem disk;
  std::unique_ptr<DeliveryStore> store;

  void SetUp() override {
    ASSERT_TRUE(disk.create_directories("/data"));
    open();
  }
  void open() {
    store.reset();
    auto database = open_database(disk, "/data/delivery.db");
    ASSERT_TRUE(database) << database.error().to_string();
    auto opened = DeliveryStore::open(*std::move(database));
    ASSERT_TRUE(opened) << opened.error().to_string();
    store = *std::move(opened);
  }
  static DeliveryInfo info(const std::string& name) {
    DeliveryInfo info;
    info.account = "000000000000";
    info.name = name;
    info.document = "{\"a\":1}";
    info.created = info.updated = from_millis(1'767'323'045'123);
    return info;
  }
  static LaneRow lane(DeliveryId id, std::uint32_t shard, const std::string& track = "") {
    LaneRow row;
    row.key = {id, stream::StreamId(4), stream::ShardNumber(shard), track};
    row.timeline = 1;
    row.first = stream::Offset(3);
    row.next = stream::Offset(9);
    row.next_index = 2;
    row.previous = "ab";
    return row;
  }
};

TEST_F(StoreTest, EverythingIsThereAfterAReopen) {
  LaneRow row = lane(DeliveryId(), 0);
  row.until = stream::Offset(50);
  const auto id = store->create(info("d"), {row});
  ASSERT_TRUE(id);
  EXPECT_EQ(store->create(info("d"), {}).error().code, Errc::already_exists);
  CutRow cut;
  cut.key = lane(*id, 0).key;
  cut.index = 2;
  cut.timeline = 1;
  cut.version = 5;
  cut.document = "old";
  cut.first = stream::Offset(9);
  cut.last = stream::Offset(12);
  cut.oldest = from_millis(77);
  cut.gap = "why";
  ASSERT_TRUE(store->log_cut(cut));
  ASSERT_TRUE(store->add_replay({*id, "r1", {from_millis(1), from_millis(2), 3}, 4, false}, {lane(*id, 0, "r1")}));
  open();
  const auto tables = store->load();
  ASSERT_TRUE(tables);
  ASSERT_EQ(tables->deliveries.size(), 1u);
  EXPECT_EQ(tables->deliveries[0].info.created, info("d").created);
  ASSERT_EQ(tables->lanes.size(), 2u);
  EXPECT_EQ(tables->lanes[0].next, stream::Offset(9));
  EXPECT_EQ(tables->lanes[0].until, stream::Offset(50));
  EXPECT_EQ(tables->lanes[1].key.track, "r1");
  EXPECT_FALSE(tables->lanes[1].until);
  ASSERT_EQ(tables->cuts.size(), 1u);
  EXPECT_EQ(tables->cuts[0].document, "old");
  EXPECT_EQ(tables->cuts[0].last, stream::Offset(12));
  EXPECT_EQ(tables->cuts[0].gap, "why");
  ASSERT_EQ(tables->replays.size(), 1u);
  EXPECT_EQ(tables->replays[0].request.bytes_per_second, 3u);
}

TEST_F(StoreTest, ACheckpointEndsItsCutAndARemovedDeliveryLeavesNothing) {
  const auto id = store->create(info("d"), {lane(DeliveryId(), 0)});
  CutRow cut;
  cut.key = lane(*id, 0).key;
  ASSERT_TRUE(store->log_cut(cut));
  ASSERT_TRUE(store->checkpoint(lane(*id, 0)));
  EXPECT_TRUE(store->load()->cuts.empty());
  ASSERT_TRUE(store->settle(lane(*id, 0), DeadLetterRow{0, *id, "b", "k", Buffer{1, 2}}));
  EXPECT_EQ(*store->dead_letters_waiting(*id, "b"), 1u);
  EXPECT_EQ((*store->next_dead_letter(*id))->body, (Buffer{1, 2}));
  ASSERT_TRUE(store->remove(*id));
  // A lane that has not heard of it yet.
  ASSERT_TRUE(store->log_cut(cut));
  ASSERT_TRUE(store->checkpoint(lane(*id, 0)));
  ASSERT_TRUE(store->settle(lane(*id, 0), DeadLetterRow{0, *id, "b", "k", Buffer{1, 2}}));
  const auto tables = store->load();
  EXPECT_TRUE(tables->deliveries.empty() && tables->lanes.empty() && tables->cuts.empty());
  EXPECT_EQ(*store->dead_letters_waiting(*id, "b"), 0u);
  const auto next = store->create(info("d"), {});
  EXPECT_NE(*next, *id);
}

TEST_F(StoreTest, EndsOfTheLogStayUntilTheManifestWasRead) {
  const auto id = store->create(info("d"), {lane(DeliveryId(), 0), lane(DeliveryId(), 1)});
  const LaneKey first = lane(*id, 0).key;
  const LaneKey second = lane(*id, 1).key;
  ASSERT_TRUE(store->note_log_ends({{first, stream::Offset(40)}, {second, stream::Offset(41)}}));
  ASSERT_TRUE(store->note_log_ends({{first, stream::Offset(99)}}));  // a later start: the first one counts
  CutRow cut;
  cut.key = first;
  ASSERT_TRUE(store->log_cut(cut));
  Lineage lineage;
  lineage.root[3] = 200;
  lineage.ordinal = 5;
  lineage.nonce = UINT64_MAX;
  LaneRow moved = lane(*id, 0);
  moved.next = stream::Offset(40);
  ASSERT_TRUE(store->adopt({{moved, {{lineage, UINT64_MAX}}, true}}));
  open();
  auto tables = store->load();
  ASSERT_TRUE(tables);
  EXPECT_EQ(tables->log_ends, (std::map<LaneKey, stream::Offset>{{second, stream::Offset(41)}}));
  EXPECT_EQ(tables->delivered, (std::map<LaneKey, LaneMarks>{{first, {{lineage, UINT64_MAX}}}}));
  EXPECT_EQ(tables->lanes[0].next, stream::Offset(40));
  EXPECT_TRUE(tables->cuts.empty());
  ASSERT_TRUE(store->remove_lane(first));
  ASSERT_TRUE(store->remove(*id));
  tables = store->load();
  EXPECT_TRUE(tables->log_ends.empty() && tables->delivered.empty());
}

}  // namespace
}  // namespace forebay::test
