// Retention waits for delivery; by an explicit policy it does not, and then the loss is declared.
#include "gateway/delivery/engine/holds.h"
#include "tests/unit/delivery/engine/delivery_rig.h"
#include "tests/unit/gateway_core/log_fixture.h"

namespace forebay::test {
namespace {

struct FakeShard final : st::Shard {
  [[nodiscard]] st::Offset start_offset() const override { return st::Offset(0); }
  [[nodiscard]] st::Offset end_offset() const override { return st::Offset(100); }
  [[nodiscard]] WallTime last_arrival() const override { return {}; }
  void hold_from(st::Offset offset) const override { held = offset.value(); }
  mutable std::int64_t held = -1;
};

dl::LaneKey lane(std::int64_t delivery) { return {dl::DeliveryId(delivery), st::StreamId(1), st::ShardNumber(0), ""}; }

TEST(Holds, TheSlowestLaneDecides) {
  dl::Holds holds(true);
  const auto shard = std::make_shared<FakeShard>();
  holds.set(lane(1), shard, st::Offset(10));
  holds.set(lane(2), shard, st::Offset(5));
  EXPECT_EQ(shard->held, 5);
  holds.set(lane(2), shard, st::Offset(20));
  EXPECT_EQ(shard->held, 10);
  holds.release(lane(1));
  EXPECT_EQ(shard->held, 20);
  holds.release(lane(2));
  EXPECT_EQ(shard->held, INT64_MAX);
}

TEST(Holds, ByThePolicyDropNothingIsHeld) {
  dl::Holds holds(false);
  const auto shard = std::make_shared<FakeShard>();
  holds.set(lane(1), shard, st::Offset(10));
  EXPECT_EQ(shard->held, -1);
}

TEST(Retention, WhatIsHeldStaysHoweverOld) {
  ManualClock clock;
  MemoryFileSystem disk;
  LogHarness log(disk, clock);
  ASSERT_TRUE(log.open());
  const auto stream = log.create("s", 1, 24);
  for (int i = 0; i < 40; ++i) {
    const auto done = log.put(stream, 0, "a" + std::to_string(i) + "-", 10);
    ASSERT_TRUE(done && !done->error);
    ASSERT_TRUE(log.log->keeper().write(glog::SegmentWriter::Which::all));
  }
  const auto view = log.view(stream, 0);
  ASSERT_GT(view->segments()->size(), 2u);
  view->set_hold(glog::Offset(100));
  // In steps, as a clock that is believed goes.
  for (int minute = 0; minute < 60 * 30; ++minute) {
    clock.advance(std::chrono::minutes(1));
    if (minute % 30 == 0) log.log->keeper().expire();
  }
  log.log->keeper().expire();
  EXPECT_GT(view->start(), glog::Offset(0));
  EXPECT_LE(view->start(), glog::Offset(100));
  const glog::Offset held_at = view->start();
  log.log->keeper().expire();
  EXPECT_EQ(view->start(), held_at);
  view->set_hold(glog::Offset(INT64_MAX));
  log.log->keeper().expire();
  log.log->keeper().expire();
  EXPECT_GT(view->start(), held_at);
}

/// Lets the first records of shard 0 expire.
void expire_before(Gateway& gateway, std::int64_t offset) {
  for (const auto& [id, log] : gateway.service->log().directory()->streams)
    log->views.front()->raise_start(gateway::log::Offset(offset));
}

TEST(Retention, RecordsThatExpireUndeliveredAreDeclaredLostAndTheRestIsDelivered) {
  World world;
  world.documents["d"] = line_objects("s");
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  ASSERT_TRUE(gateway.create("d", "d"));
  ASSERT_TRUE(gateway.run(gateway.engine->set_paused(std::string(kAccount), "d", true)));
  ASSERT_TRUE(gateway.put("s", "a", 0, 50));
  expire_before(gateway, 20);
  ASSERT_TRUE(gateway.run(gateway.engine->set_paused(std::string(kAccount), "d", false)));
  ASSERT_TRUE(eventually([&] { return read_manifest(*world.bucket).all().size() >= 30; }));
  const Delivered delivered = read_manifest(*world.bucket);
  EXPECT_EQ(delivered.problem, "");
  EXPECT_EQ(delivered.all(), numbered("a", 20, 50));
  ASSERT_GE(delivered.entries.size(), 2u);
  const auto& loss = delivered.entries.front();
  EXPECT_EQ(loss.cut.first, st::Offset(0));
  EXPECT_EQ(loss.cut.last, st::Offset(19));
  ASSERT_EQ(loss.objects.size(), 1u);
  EXPECT_EQ(loss.objects.front().error_type, "lost-records");
  EXPECT_TRUE(loss.objects.front().key.starts_with("errors/"));
  const std::string line(as_text(*world.bucket->get(loss.objects.front().key)));
  EXPECT_NE(line.find("\"key\":\"forebay.gap/d\""), std::string::npos) << line;
  EXPECT_NE(line.find("\"from\":0,\"to\":19,\"count\":20"), std::string::npos) << line;
  EXPECT_NE(gateway.status("d").last_error.find("20 records"), std::string::npos);
}

TEST(Retention, ALossOfARecordSinkIsADeadLetter) {
  World world;
  world.documents["d"] = to_receiver("s");
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  ASSERT_TRUE(gateway.create("d", "d"));
  ASSERT_TRUE(gateway.run(gateway.engine->set_paused(std::string(kAccount), "d", true)));
  ASSERT_TRUE(gateway.put("s", "a", 0, 50));
  expire_before(gateway, 20);
  ASSERT_TRUE(gateway.run(gateway.engine->set_paused(std::string(kAccount), "d", false)));
  ASSERT_TRUE(
      eventually([&] { return gateway.status("d").records_behind == 0 && !world.bucket->keys("dead/").empty(); }));
  const std::string line(as_text(*world.bucket->get(world.bucket->keys("dead/").front())));
  EXPECT_NE(line.find("\"from\":0,\"to\":19,\"count\":20"), std::string::npos) << line;
}

TEST(Retention, ARestartHoldsBeforeAnythingRuns) {
  World world;
  world.documents["d"] = line_objects("s");
  MemoryFileSystem disk;
  std::unique_ptr<MemoryFileSystem> image;
  {
    Gateway gateway(world, disk);
    gateway.store->cut_off();
    gateway.make_stream("s");
    ASSERT_TRUE(gateway.create("d", "d"));
    ASSERT_TRUE(gateway.put("s", "a", 0, 10));
    image = disk.kill();
  }
  Gateway second(world, *image);
  for (const auto& [id, log] : second.service->log().directory()->streams)
    EXPECT_LE(log->views.front()->hold(), gateway::log::Offset(10));
  world.documents.clear();
}

}  // namespace
}  // namespace forebay::test
