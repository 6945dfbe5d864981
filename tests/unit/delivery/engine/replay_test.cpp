// Replays on a real log in memory: their range, their own names, and going on after a kill.
#include "tests/unit/delivery/engine/delivery_rig.h"

namespace forebay::test {
namespace {

std::vector<std::string> replayed(const World& world, const std::string& id) {
  std::vector<std::string> texts;
  for (const auto& [lane, lines] : read_manifest(*world.bucket).lines)
    if (lane.ends_with(id)) texts.insert(texts.end(), lines.begin(), lines.end());
  return texts;
}

struct Replay : ::testing::Test {
  World world;
  MemoryFileSystem disk;
  WallTime from;
  WallTime to;

  /// Three batches, a minute apart; the range holds the second.
  void fill(Gateway& gateway) {
    world.documents["d"] = line_objects("s");
    gateway.make_stream("s");
    ASSERT_TRUE(gateway.create("d", "d"));
    ASSERT_TRUE(gateway.put("s", "a", 0, 20));
    world.clock.advance(std::chrono::seconds(60));
    from = world.clock.wall_now();
    ASSERT_TRUE(gateway.put("s", "a", 20, 50));
    world.clock.advance(std::chrono::seconds(60));
    to = world.clock.wall_now();
    ASSERT_TRUE(gateway.put("s", "a", 50, 60));
    ASSERT_TRUE(eventually([&] { return read_manifest(*world.bucket).all().size() == 60; }));
  }
};

TEST_F(Replay, TheRangeIsDeliveredOnceMoreUnderNamesOfItsOwn) {
  Gateway gateway(world, disk);
  fill(gateway);
  const auto id = gateway.run(gateway.engine->replay(std::string(kAccount), "d", {from, to, 0}));
  ASSERT_TRUE(id);
  ASSERT_TRUE(eventually([&] { return gateway.engine->replays(kAccount, "d").front().finished; }));
  EXPECT_EQ(replayed(world, *id), numbered("a", 20, 50));
  const auto status = gateway.engine->replays(kAccount, "d").front();
  EXPECT_EQ(status.records_total, 30u);
  EXPECT_EQ(status.records_done, 30u);
  EXPECT_EQ(gateway.status("d").records_behind, 0u);
}

TEST_F(Replay, AReversedRangeIsRefused) {
  Gateway gateway(world, disk);
  fill(gateway);
  const auto refused = gateway.run(gateway.engine->replay(std::string(kAccount), "d", {to, from, 0}));
  EXPECT_EQ(refused.error().code, Errc::invalid_argument);
}

TEST_F(Replay, AfterAKillItGoesOnWhereItWas) {
  std::unique_ptr<MemoryFileSystem> image;
  std::string id;
  {
    Gateway gateway(world, disk);
    fill(gateway);
    std::atomic<bool> tried = false;
    gateway.store->set_fault([&](const StoreCall&) {
      tried = true;
      return StoreFault::refuse;
    });
    id = *gateway.run(gateway.engine->replay(std::string(kAccount), "d", {from, to, 0}));
    ASSERT_TRUE(eventually([&] { return tried.load(); }));
    image = disk.kill();
    gateway.store->cut_off();
  }
  Gateway second(world, *image);
  ASSERT_TRUE(eventually([&] { return second.engine->replays(kAccount, "d").front().finished; }));
  EXPECT_EQ(replayed(world, id), numbered("a", 20, 50));
}

TEST_F(Replay, CancelledItIsForgotten) {
  Gateway gateway(world, disk);
  fill(gateway);
  gateway.store->set_fault([](const StoreCall&) { return StoreFault::refuse; });
  const std::string id = *gateway.run(gateway.engine->replay(std::string(kAccount), "d", {from, to, 0}));
  ASSERT_TRUE(gateway.run(gateway.engine->cancel_replay(std::string(kAccount), "d", id)));
  EXPECT_TRUE(gateway.engine->replays(kAccount, "d").empty());
  EXPECT_EQ(gateway.run(gateway.engine->cancel_replay(std::string(kAccount), "d", id)).error().code, Errc::not_found);
  gateway.store->set_fault(nullptr);
  ASSERT_TRUE(gateway.put("s", "a", 60, 65));
  ASSERT_TRUE(eventually([&] { return read_manifest(*world.bucket).all().size() == 65; }));
  EXPECT_TRUE(replayed(world, id).empty());
}

// 30 records of three bytes at ten bytes a second: less than a page, and nine seconds all the same.
TEST_F(Replay, AFewBytesTakeAsLongAsTheRateSays) {
  Gateway gateway(world, disk);
  fill(gateway);
  const auto id = gateway.run(gateway.engine->replay(std::string(kAccount), "d", {from, to, 10}));
  ASSERT_TRUE(id);
  ASSERT_TRUE(
      eventually([&] { return gateway.metrics.to_prometheus_text().find("buffer_bytes 0\n") == std::string::npos; }));
  world.clock.advance(std::chrono::seconds(8));
  ASSERT_TRUE(gateway.put("s", "a", 60, 65));
  ASSERT_TRUE(eventually([&] { return read_manifest(*world.bucket).all().size() == 65; }));
  EXPECT_TRUE(replayed(world, *id).empty());
  world.clock.advance(std::chrono::seconds(2));
  ASSERT_TRUE(eventually([&] { return gateway.engine->replays(kAccount, "d").front().finished; }));
  EXPECT_EQ(replayed(world, *id), numbered("a", 20, 50));
}

}  // namespace
}  // namespace forebay::test
