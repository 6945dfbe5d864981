// Making and removing delivery streams.
#include "tests/unit/delivery/engine/delivery_rig.h"

namespace forebay::test {
namespace {

TEST(DeliveryEngine, ADirectPutHasAHiddenStreamThatGoesWithIt) {
  World world;
  world.documents["d"] = line_objects("");
  world.documents["d"].direct_put = true;
  world.documents["d"].from_start = false;
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  const auto created = gateway.create("d", "d");
  ASSERT_TRUE(created) << created.error().to_string();
  EXPECT_EQ(created->version, 1u);
  ASSERT_TRUE(gateway.service->find(kAccount, "delivery/d"));
  EXPECT_TRUE(gateway.service->list(kAccount, "", 10).empty());
  EXPECT_EQ(gateway.service->open_shard_count(kAccount), 0u);
  ASSERT_TRUE(gateway.put("delivery/d", "a", 0, 30));
  ASSERT_TRUE(eventually([&] { return read_manifest(*world.bucket).all().size() == 30; }));
  EXPECT_EQ(gateway.create("d", "d").error().code, Errc::already_exists);
  ASSERT_TRUE(gateway.run(gateway.engine->remove(std::string(kAccount), "d")));
  EXPECT_FALSE(gateway.service->find(kAccount, "delivery/d"));
  EXPECT_FALSE(gateway.engine->find(kAccount, "d"));
  EXPECT_EQ(gateway.run(gateway.engine->remove(std::string(kAccount), "d")).error().code, Errc::not_found);
}

TEST(DeliveryEngine, ChangesAtTheSameTimeDoNotUndoOneAnother) {
  World world;
  world.documents["d"] = line_objects("s");
  world.documents["e"] = line_objects("s", 60);
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  ASSERT_TRUE(gateway.create("d", "d"));
  for (std::uint64_t version = 1; version < 20; ++version) {
    const bool paused = version % 2 == 1;
    std::optional<Result<dl::DeliveryInfo>> first;
    std::optional<Result<dl::DeliveryInfo>> second;
    gateway.loop.restart();
    boost::asio::co_spawn(gateway.loop,
                          keep_result(gateway.engine->set_paused(std::string(kAccount), "d", paused), first),
                          boost::asio::detached);
    boost::asio::co_spawn(
        gateway.loop,
        keep_result(gateway.engine->update(std::string(kAccount), "d", version, "e", world.documents["e"]), second),
        boost::asio::detached);
    gateway.loop.run();
    ASSERT_TRUE(first && *first);
    ASSERT_TRUE(second && *second);
    const auto now = gateway.engine->find(kAccount, "d");
    ASSERT_TRUE(now);
    EXPECT_EQ(now->paused, paused);
    EXPECT_EQ(now->version, version + 1);
  }
}

TEST(DeliveryEngine, WhatCannotWorkIsRefusedAtTheCreation) {
  World world;
  world.documents["no stream"] = line_objects("absent");
  world.documents["no bucket"] = line_objects("s");
  std::get<dl::ObjectDestination>(world.documents["no bucket"].destination).bucket = "missing";
  world.documents["bad prefix"] = line_objects("s");
  std::get<dl::ObjectDestination>(world.documents["bad prefix"].destination).prefix = "!{nonsense:x}/";
  world.documents["bad letters"] = to_receiver("s");
  std::get<dl::RecordDestination>(world.documents["bad letters"].destination).dead_letters.objects.error_prefix =
      "!{timestamp:yyyy}/";
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  EXPECT_EQ(gateway.create("d", "no stream").error().code, Errc::not_found);
  EXPECT_EQ(gateway.create("d", "no bucket").error().code, Errc::invalid_argument);
  EXPECT_EQ(gateway.create("d", "bad letters").error().code, Errc::invalid_argument) << "it names no error type";
  EXPECT_EQ(gateway.create("d", "bad prefix").error().code, Errc::invalid_argument);
  EXPECT_TRUE(gateway.engine->list(kAccount, "", 10).empty());
}

TEST(DeliveryEngine, ListsByNameAndSurvivesARestart) {
  World world;
  world.documents["d"] = line_objects("s");
  MemoryFileSystem disk;
  std::unique_ptr<MemoryFileSystem> image;
  {
    Gateway gateway(world, disk);
    gateway.make_stream("s");
    for (const std::string name : {"b", "a", "c"}) ASSERT_TRUE(gateway.create(name, "d"));
    ASSERT_TRUE(gateway.run(gateway.engine->set_paused(std::string(kAccount), "b", true)));
    gateway.close();
    image = disk.kill();
  }
  Gateway second(world, *image);
  const auto page = second.engine->list(kAccount, "a", 2);
  ASSERT_EQ(page.size(), 2u);
  EXPECT_EQ(page[0].name, "b");
  EXPECT_TRUE(page[0].paused);
  EXPECT_EQ(page[1].name, "c");
  EXPECT_TRUE(second.engine->list("111111111111", "", 10).empty());
}

TEST(DeliveryEngine, ARemovedDeliveryStreamHoldsNothing) {
  World world;
  world.documents["d"] = line_objects("s");
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  gateway.store->cut_off();
  ASSERT_TRUE(gateway.create("d", "d"));
  ASSERT_TRUE(gateway.put("s", "a", 0, 10));
  const auto& log = gateway.service->log().directory()->streams.begin()->second;
  ASSERT_TRUE(eventually([&] { return log->views.front()->hold() == gateway::log::Offset(0); }));
  ASSERT_TRUE(gateway.run(gateway.engine->remove(std::string(kAccount), "d")));
  EXPECT_EQ(log->views.front()->hold(), gateway::log::Offset(INT64_MAX));
}

TEST(DeliveryEngine, OneMadeAgainGoesOnBehindTheManifestOfTheFirst) {
  World world;
  world.documents["d"] = line_objects("s");
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  ASSERT_TRUE(gateway.create("d", "d"));
  ASSERT_TRUE(gateway.put("s", "a", 0, 10));
  ASSERT_TRUE(eventually([&] { return read_manifest(*world.bucket).all().size() == 10; }));
  ASSERT_TRUE(gateway.run(gateway.engine->remove(std::string(kAccount), "d")));
  ASSERT_TRUE(gateway.create("d", "d"));
  ASSERT_TRUE(gateway.put("s", "a", 10, 20));
  ASSERT_TRUE(eventually([&] { return read_manifest(*world.bucket).all().size() >= 20; }));
  const Delivered delivered = read_manifest(*world.bucket);
  EXPECT_EQ(delivered.problem, "");
  EXPECT_EQ(delivered.all(), numbered("a", 0, 20));
}

TEST(DeliveryEngine, OneMadeAgainLaterSaysWhatWasNotForIt) {
  World world;
  world.documents["d"] = line_objects("s");
  world.documents["d"].from_start = false;
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  ASSERT_TRUE(gateway.create("d", "d"));
  ASSERT_TRUE(gateway.put("s", "a", 0, 10));
  ASSERT_TRUE(eventually([&] { return read_manifest(*world.bucket).all().size() == 10; }));
  ASSERT_TRUE(gateway.run(gateway.engine->remove(std::string(kAccount), "d")));
  ASSERT_TRUE(gateway.put("s", "nobody's", 0, 5));
  ASSERT_TRUE(gateway.create("d", "d"));
  ASSERT_TRUE(gateway.put("s", "a", 10, 20));
  ASSERT_TRUE(eventually([&] { return read_manifest(*world.bucket).all().size() >= 20; }));
  ASSERT_TRUE(gateway.put("s", "a", 20, 30));
  ASSERT_TRUE(eventually([&] { return read_manifest(*world.bucket).all().size() >= 30; }));
  const Delivered delivered = read_manifest(*world.bucket);
  EXPECT_EQ(delivered.problem, "");
  EXPECT_EQ(delivered.all(), numbered("a", 0, 30));
  EXPECT_EQ(std::ranges::count_if(delivered.entries, &dl::ManifestEntry::begins), 1);
}

TEST(DeliveryEngine, AnotherBucketHasAManifestOfItsOwnAndTheFirstGoesOnLater) {
  World world;
  world.documents["d"] = world.documents["e"] = line_objects("s");
  std::get<dl::ObjectDestination>(world.documents["e"].destination).bucket = "other";
  const auto other = world.named_buckets["other"] = std::make_shared<FakeBucket>();
  MemoryFileSystem disk;
  auto gateway = std::make_unique<Gateway>(world, disk);
  gateway->make_stream("s");
  ASSERT_TRUE(gateway->create("d", "d"));
  ASSERT_TRUE(gateway->put("s", "a", 0, 10));
  ASSERT_TRUE(eventually([&] { return read_manifest(*world.bucket).all().size() == 10; }));

  ASSERT_TRUE(gateway->update("d", "e"));
  ASSERT_TRUE(gateway->put("s", "a", 10, 20));
  ASSERT_TRUE(eventually([&] { return read_manifest(*other).all().size() >= 10; }));
  gateway.reset();
  gateway = std::make_unique<Gateway>(world, disk);
  ASSERT_TRUE(gateway->put("s", "a", 20, 30));
  ASSERT_TRUE(eventually([&] { return read_manifest(*other).all().size() >= 20; }));
  EXPECT_EQ(read_manifest(*other).problem, "");
  EXPECT_EQ(read_manifest(*other).all(), numbered("a", 10, 30));
  EXPECT_EQ(read_manifest(*other).entries.front().cut.index, 0u);

  ASSERT_TRUE(gateway->update("d", "d"));
  ASSERT_TRUE(gateway->put("s", "a", 30, 40));
  ASSERT_TRUE(eventually([&] { return read_manifest(*world.bucket).all().size() >= 20; }));
  const Delivered delivered = read_manifest(*world.bucket);
  EXPECT_EQ(delivered.problem, "");
  std::vector<std::string> wanted = numbered("a", 0, 10);
  for (std::string& text : numbered("a", 30, 40)) wanted.push_back(std::move(text));
  EXPECT_EQ(delivered.all(), wanted);
}

TEST(DeliveryEngine, AWayOverAnUrlIsToldWhenItReturnsToTheBucket) {
  World world;
  world.documents["d"] = line_objects("s");
  world.documents["e"] = to_receiver("s");
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  ASSERT_TRUE(gateway.create("d", "d"));
  ASSERT_TRUE(gateway.put("s", "a", 0, 10));
  ASSERT_TRUE(eventually([&] { return read_manifest(*world.bucket).all().size() == 10; }));
  ASSERT_TRUE(gateway.update("d", "e"));
  ASSERT_TRUE(gateway.put("s", "a", 10, 20));
  ASSERT_TRUE(eventually([&] { return world.receiver->taken().size() == 10; }));
  ASSERT_TRUE(eventually([&] { return gateway.status("d").records_behind == 0; }));
  ASSERT_TRUE(gateway.update("d", "d"));
  ASSERT_TRUE(gateway.put("s", "a", 20, 30));
  ASSERT_TRUE(eventually([&] { return read_manifest(*world.bucket).all().size() >= 20; }));
  EXPECT_EQ(read_manifest(*world.bucket).problem, "");
}

// The data folder is put back, and the definition that it has is older than what another life of the gateway delivered.
TEST(DeliveryEngine, ABucketOfALaterLifeThatIsEnteredAfterARestoreSkipsNothing) {
  World world;
  world.documents["d"] = world.documents["e"] = line_objects("s");
  std::get<dl::ObjectDestination>(world.documents["e"].destination).bucket = "other";
  const auto other = world.named_buckets["other"] = std::make_shared<FakeBucket>();
  MemoryFileSystem disk;
  std::unique_ptr<MemoryFileSystem> backup;
  {
    Gateway gateway(world, disk);
    gateway.make_stream("s");
    ASSERT_TRUE(gateway.create("d", "d"));
    ASSERT_TRUE(gateway.put("s", "a", 0, 10));
    ASSERT_TRUE(eventually([&] { return read_manifest(*world.bucket).all().size() == 10; }));
    ASSERT_TRUE(eventually([&] { return gateway.status("d").records_behind == 0; }));
    gateway.close();
    backup = disk.kill();
  }
  {
    Gateway gateway(world, disk);
    ASSERT_TRUE(gateway.update("d", "e"));
    ASSERT_TRUE(gateway.put("s", "lost", 0, 30));
    ASSERT_TRUE(eventually([&] { return read_manifest(*other).all().size() == 30; }));
  }
  Gateway gateway(world, *backup);
  ASSERT_TRUE(gateway.update("d", "e"));
  ASSERT_TRUE(gateway.put("s", "b", 0, 20));
  ASSERT_TRUE(eventually([&] { return read_manifest(*other).all().size() >= 50; }));
  std::vector<std::string> all = read_manifest(*other).all();
  EXPECT_EQ(std::vector<std::string>(all.begin() + 30, all.end()), numbered("b", 0, 20));
}

}  // namespace
}  // namespace forebay::test
