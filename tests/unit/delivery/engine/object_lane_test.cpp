// Object lanes on a real log in memory: exactly once by the manifest, whatever fails and whenever it ends.
#include <set>

#include "tests/unit/delivery/engine/delivery_rig.h"

namespace forebay::test {
namespace {

bool has_all(const World& world, std::size_t count) { return read_manifest(*world.bucket).all().size() >= count; }

TEST(ObjectLane, EveryRecordIsInTheManifestOnceAndInOrder) {
  World world;
  world.documents["d"] = line_objects("s");
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  ASSERT_TRUE(gateway.put("s", "a", 0, 100));
  ASSERT_TRUE(gateway.create("d", "d"));
  ASSERT_TRUE(gateway.put("s", "a", 100, 250));
  ASSERT_TRUE(eventually([&] { return has_all(world, 250); }));
  const Delivered delivered = read_manifest(*world.bucket);
  EXPECT_EQ(delivered.problem, "");
  EXPECT_EQ(delivered.all(), numbered("a", 0, 250));
  ASSERT_TRUE(eventually([&] { return gateway.status("d").records_behind == 0; }));
  EXPECT_EQ(gateway.status("d").delivered_records, 250u);
  EXPECT_NE(gateway.status("d").last_object, "");
}

TEST(ObjectLane, WithoutFromStartDeliveryBeginsAtTheCreation) {
  World world;
  world.documents["d"] = line_objects("s");
  world.documents["d"].from_start = false;
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  ASSERT_TRUE(gateway.put("s", "before", 0, 10));
  ASSERT_TRUE(gateway.create("d", "d"));
  ASSERT_TRUE(gateway.put("s", "after", 0, 10));
  ASSERT_TRUE(eventually([&] { return has_all(world, 10); }));
  EXPECT_EQ(read_manifest(*world.bucket).all(), numbered("after", 0, 10));
}

TEST(ObjectLane, IntervalOfTheSteadyClockCuts) {
  World world;
  world.documents["d"] = line_objects("s", 60);
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  ASSERT_TRUE(gateway.create("d", "d"));
  ASSERT_TRUE(gateway.put("s", "a", 0, 20));
  ASSERT_TRUE(
      eventually([&] { return gateway.metrics.to_prometheus_text().find("buffer_bytes 0\n") == std::string::npos; }));
  EXPECT_TRUE(world.bucket->keys().empty());
  world.clock.advance(std::chrono::seconds(61));
  ASSERT_TRUE(eventually([&] { return has_all(world, 20); }));
  EXPECT_EQ(read_manifest(*world.bucket).entries.size(), 1u);
}

TEST(ObjectLane, FailuresAndLostRepliesOfTheStoreNeitherLoseNorRepeat) {
  World world;
  world.documents["d"] = line_objects("s");
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  gateway.store->set_fault([](const StoreCall& call) {
    return call.number % 3 == 1 ? StoreFault::refuse : call.number % 3 == 2 ? StoreFault::lose_reply : StoreFault::none;
  });
  ASSERT_TRUE(gateway.create("d", "d"));
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(gateway.put("s", "a", i * 10, i * 10 + 10));
  ASSERT_TRUE(eventually([&] { return has_all(world, 100); }));
  const Delivered delivered = read_manifest(*world.bucket);
  EXPECT_EQ(delivered.problem, "");
  EXPECT_EQ(delivered.all(), numbered("a", 0, 100));
  EXPECT_NE(gateway.status("d").last_error, "");
}

/// Ends a gateway at a chosen moment and goes on with another one on what the disk then held.
struct Kill {
  World world;
  std::unique_ptr<MemoryFileSystem> disk = std::make_unique<MemoryFileSystem>();
  std::unique_ptr<MemoryFileSystem> image;
  std::mutex mutex;

  /// Threads  any, once or oftener; the first time counts.
  void now(Gateway& gateway, bool power_cut) {
    const std::scoped_lock lock(mutex);
    if (image) return;
    gateway.store->cut_off();
    image = power_cut ? disk->crash(CrashPlan{}) : disk->kill();
  }
  [[nodiscard]] bool is_done() {
    const std::scoped_lock lock(mutex);
    return image != nullptr;
  }
  /// Two batches; `arm` sets the trap for the second one.
  void run(const std::function<void(Gateway&)>& arm, bool power_cut) {
    world.documents["d"] = line_objects("s");
    {
      Gateway first(world, *disk);
      first.make_stream("s");
      ASSERT_TRUE(first.create("d", "d"));
      ASSERT_TRUE(first.put("s", "a", 0, 30));
      ASSERT_TRUE(eventually([&] { return has_all(world, 30) && first.status("d").records_behind == 0; }));
      arm(first);
      ASSERT_TRUE(first.put("s", "a", 30, 60));
      ASSERT_TRUE(eventually([&] { return is_done() || first.status("d").records_behind == 0; }));
      now(first, power_cut);
      disk->on_operation(nullptr);
    }
    Gateway second(world, *image);
    ASSERT_TRUE(second.put("s", "a", 60, 80));
    ASSERT_TRUE(eventually([&] { return has_all(world, 80); }));
    ASSERT_TRUE(eventually([&] { return second.status("d").records_behind == 0; }));
    const Delivered delivered = read_manifest(*world.bucket);
    EXPECT_EQ(delivered.problem, "");
    EXPECT_EQ(delivered.all(), numbered("a", 0, 80));
    // The same cuts made the same names again (D1): nothing lies in the bucket that the manifest does not list.
    std::set<std::string> listed;
    for (const auto& entry : delivered.entries)
      for (const auto& object : entry.objects) listed.insert(object.key);
    for (const std::string& key : world.bucket->keys("data/")) EXPECT_TRUE(listed.contains(key)) << key;
  }
};

// At every write of the engine's database, by kill and by power cut: the cut log, the checkpoint and what is between.
TEST(ObjectLane, EndAtEveryDiskOperationDeliversOnce) {
  for (int step = 1; step <= 24; ++step) {
    for (const bool power_cut : {false, true}) {
      SCOPED_TRACE("operation " + std::to_string(step) + (power_cut ? " power cut" : " kill"));
      Kill kill;
      std::atomic<int> left = step;
      kill.run(
          [&](Gateway& gateway) {
            kill.disk->on_operation([&](const FileCallInfo& call) {
              if (call.path.find("delivery.db") != std::string::npos && --left == 0) kill.now(gateway, power_cut);
            });
          },
          power_cut);
    }
  }
}

// Before and after the store took each object and manifest entry.
TEST(ObjectLane, EndAtEveryPutDeliversOnce) {
  for (std::uint64_t put = 1; put <= 2; ++put) {
    for (const StoreFault fault : {StoreFault::refuse, StoreFault::lose_reply, StoreFault::none}) {
      SCOPED_TRACE("put " + std::to_string(put) + " fault " + std::to_string(static_cast<int>(fault)));
      Kill kill;
      std::atomic<std::uint64_t> seen = 0;
      kill.run(
          [&](Gateway& gateway) {
            gateway.store->set_fault([&](const StoreCall&) {
              if (++seen < put) return StoreFault::none;
              if (seen == put) return fault;
              kill.now(gateway, false);
              return StoreFault::refuse;
            });
          },
          false);
    }
  }
}

TEST(ObjectLane, OfTwoGatewaysOneDeliversAndTheOtherStops) {
  World world;
  world.documents["d"] = line_objects("s");
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  auto other = gateway.open_engine("/other");
  ASSERT_TRUE(other);
  other->start();
  dl::DeliveryInfo info;
  info.account = kAccount;
  info.name = "d";
  info.document = "d";
  ASSERT_TRUE(gateway.create("d", "d"));
  ASSERT_TRUE(gateway.run(other->create(info, world.documents["d"])));
  int put = 0;
  const auto stopped = [&] {
    return gateway.status("d").last_error.find("another gateway") != std::string::npos ||
           other->status(kAccount, "d").last_error.find("another gateway") != std::string::npos ||
           gateway.status("d").last_error.find("nothing was overwritten") != std::string::npos ||
           other->status(kAccount, "d").last_error.find("nothing was overwritten") != std::string::npos;
  };
  ASSERT_TRUE(eventually([&] {
    EXPECT_TRUE(gateway.put("s", "a", put, put + 3));
    put += 3;
    return stopped() || put > 60'000;  // as long as both cut alike, both are right
  }));
  EXPECT_TRUE(stopped());
  ASSERT_TRUE(eventually([&] { return has_all(world, static_cast<std::size_t>(put)); }));
  const Delivered delivered = read_manifest(*world.bucket);
  EXPECT_EQ(delivered.problem, "");
  EXPECT_EQ(delivered.all(), numbered("a", 0, put));
  other->stop();
  gateway.engine->stop();
  (void)gateway.service->stop();
  other.reset();
}

TEST(ObjectLane, AnotherObjectOfTheNameIsNeverOverwritten) {
  World world;
  world.documents["d"] = line_objects("s");
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  gateway.store->set_fault([&](const StoreCall& call) {
    if (!call.key.starts_with("_forebay")) world.bucket->put(call.key, as_bytes("somebody else's"));
    return StoreFault::none;
  });
  ASSERT_TRUE(gateway.create("d", "d"));
  ASSERT_TRUE(gateway.put("s", "a", 0, 3));
  ASSERT_TRUE(
      eventually([&] { return gateway.status("d").last_error.find("nothing was overwritten") != std::string::npos; }));
  EXPECT_TRUE(world.bucket->keys("_forebay").empty());
  EXPECT_EQ(gateway.status("d").records_behind, 3u);
}

TEST(ObjectLane, ChildrenFollowTheirParents) {
  World world;
  world.documents["d"] = line_objects("s");
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  const st::StreamPtr stream = gateway.make_stream("s");
  std::atomic<bool> open = false;
  gateway.store->set_fault([&](const StoreCall&) { return open ? StoreFault::none : StoreFault::refuse; });
  ASSERT_TRUE(gateway.create("d", "d"));
  ASSERT_TRUE(gateway.put("s", "a", 0, 50));
  ASSERT_TRUE(gateway.run(gateway.service->scale(stream, 2)));
  ASSERT_TRUE(gateway.put("s", "a", 50, 100));
  open = true;
  ASSERT_TRUE(eventually([&] { return has_all(world, 100); }));
  const Delivered delivered = read_manifest(*world.bucket);
  EXPECT_EQ(delivered.problem, "");
  EXPECT_EQ(delivered.lines.size(), 3u);
  std::vector<std::string> all = delivered.all();
  std::vector<std::string> wanted = numbered("a", 0, 100);
  std::sort(all.begin(), all.end());
  std::sort(wanted.begin(), wanted.end());
  EXPECT_EQ(all, wanted);
  // Every object of a child came after every manifest entry of the parent.
  bool child_seen = false;
  for (const std::string& key : world.bucket->order()) {
    if (!key.starts_with("_forebay")) continue;
    const auto entry = dl::parse_manifest_entry(as_text(*world.bucket->get(key)));
    ASSERT_TRUE(entry);
    const bool is_parent = entry->cut.source.shard == st::ShardNumber(0);
    EXPECT_FALSE(is_parent && child_seen);
    child_seen = child_seen || !is_parent;
  }
}

TEST(ObjectLane, AnUpdateLosesNothingOfTheOpenBuffer) {
  World world;
  world.documents["one"] = line_objects("s", 900);
  world.documents["two"] = line_objects("s", 0);
  std::get<dl::ObjectDestination>(world.documents["two"].destination).prefix = "second/";
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  ASSERT_TRUE(gateway.create("d", "one"));
  ASSERT_TRUE(gateway.put("s", "a", 0, 40));
  EXPECT_EQ(
      gateway.run(gateway.engine->update(std::string(kAccount), "d", 7, "two", world.documents["two"])).error().code,
      Errc::conflict);
  const auto updated =
      gateway.run(gateway.engine->update(std::string(kAccount), "d", 1, "two", world.documents["two"]));
  ASSERT_TRUE(updated);
  EXPECT_EQ(updated->version, 2u);
  ASSERT_TRUE(eventually([&] { return has_all(world, 40); }));
  EXPECT_EQ(read_manifest(*world.bucket).all(), numbered("a", 0, 40));
  EXPECT_TRUE(world.bucket->keys("data/").empty());
  EXPECT_FALSE(world.bucket->keys("second/").empty());
}

TEST(ObjectLane, ACutThatTheManifestMayHaveKeepsItsDefinition) {
  World world;
  world.documents["one"] = line_objects("s");
  world.documents["two"] = line_objects("s");
  std::get<dl::ObjectDestination>(world.documents["two"].destination).prefix = "second/";
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  std::atomic<bool> open = false;
  std::atomic<bool> told = false;
  gateway.store->set_fault([&](const StoreCall& call) {
    if (open || !call.key.starts_with("_forebay")) return StoreFault::none;
    told = true;
    return StoreFault::refuse;
  });
  ASSERT_TRUE(gateway.create("d", "one"));
  ASSERT_TRUE(gateway.put("s", "a", 0, 20));
  ASSERT_TRUE(eventually([&] { return told.load(); }));
  ASSERT_TRUE(gateway.run(gateway.engine->update(std::string(kAccount), "d", 1, "two", world.documents["two"])));
  ASSERT_TRUE(gateway.put("s", "a", 20, 40));
  open = true;
  ASSERT_TRUE(eventually([&] { return has_all(world, 40); }));
  const Delivered delivered = read_manifest(*world.bucket);
  EXPECT_EQ(delivered.all(), numbered("a", 0, 40));
  EXPECT_EQ(delivered.entries.front().cut.version, 1u);
  EXPECT_EQ(delivered.entries.back().cut.version, 2u);
}

TEST(ObjectLane, PausedNothingMovesAndResumedItGoesOn) {
  World world;
  world.documents["d"] = line_objects("s");
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  ASSERT_TRUE(gateway.create("d", "d"));
  ASSERT_TRUE(gateway.put("s", "a", 0, 10));
  ASSERT_TRUE(eventually([&] { return has_all(world, 10) && gateway.status("d").records_behind == 0; }));
  ASSERT_TRUE(gateway.run(gateway.engine->set_paused(std::string(kAccount), "d", true)));
  ASSERT_TRUE(
      eventually([&] { return gateway.metrics.to_prometheus_text().find("delivery_lanes 0\n") != std::string::npos; }));
  ASSERT_TRUE(gateway.put("s", "a", 10, 20));
  world.clock.advance(std::chrono::seconds(5));
  ASSERT_TRUE(eventually([&] { return gateway.status("d").lag >= std::chrono::seconds(5); }));
  EXPECT_EQ(gateway.status("d").records_behind, 10u);
  ASSERT_TRUE(gateway.run(gateway.engine->set_paused(std::string(kAccount), "d", false)));
  ASSERT_TRUE(eventually([&] { return has_all(world, 20); }));
  EXPECT_EQ(read_manifest(*world.bucket).all(), numbered("a", 0, 20));
}

TEST(ObjectLane, WhenMemoryIsSpentTheLargestBufferIsCut) {
  World world;
  world.engine.buffer_bytes_max = 4_KiB;
  world.documents["d"] = line_objects("s", 900);
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  ASSERT_TRUE(gateway.create("d", "d"));
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(gateway.put("s", "a-record-of-some-length-", i * 50, i * 50 + 50));
  ASSERT_TRUE(eventually([&] { return has_all(world, 1000); }));
  std::vector<std::string> all = read_manifest(*world.bucket).all();
  EXPECT_EQ(all, numbered("a-record-of-some-length-", 0, static_cast<int>(all.size())));
}

TEST(ObjectLane, ADefinitionThatCannotBeUsedIsHeldUntilItCan) {
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
  const dl::DeliveryDefinition definition = world.documents["d"];
  world.documents.clear();
  Gateway second(world, *image);
  EXPECT_NE(second.status("d").last_error.find("no package for d"), std::string::npos);
  for (const auto& [id, log] : second.service->log().directory()->streams)
    EXPECT_EQ(log->views.front()->hold(), gateway::log::Offset(0));
  world.documents["d"] = definition;
  ASSERT_TRUE(second.run(second.engine->set_paused(std::string(kAccount), "d", false)));
  ASSERT_TRUE(eventually([&] { return has_all(world, 10); }));
}

// A store that answers nothing but refusals has no manifest entry of the cut: an update may cut anew. What it may have
// put of the first cut counts for nobody and is removed when it is a week old.
TEST(ObjectLane, ObjectsOfACutThatWasGivenUpAreRemovedAfterAWeek) {
  World world;
  world.engine.clean_interval = Milliseconds(3);
  world.documents["one"] = line_objects("s");
  world.documents["two"] = line_objects("s");
  std::get<dl::ObjectDestination>(world.documents["two"].destination).prefix = "second/";
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  std::atomic<bool> open = false;
  std::atomic<int> puts = 0;
  gateway.store->set_fault([&](const StoreCall& call) {
    if (open) return StoreFault::none;
    ++puts;
    // Of the first definition alone: the second may be at work before the store is open.
    if (call.key.starts_with("data/")) world.bucket->put(call.key, as_bytes("the first attempt"));
    return StoreFault::refuse;
  });
  ASSERT_TRUE(gateway.create("d", "one"));
  ASSERT_TRUE(gateway.put("s", "a", 0, 5));
  ASSERT_TRUE(eventually([&] { return puts > 0; }));
  ASSERT_TRUE(gateway.run(gateway.engine->update(std::string(kAccount), "d", 1, "two", world.documents["two"])));
  open = true;
  ASSERT_TRUE(eventually([&] { return has_all(world, 5); }));
  EXPECT_EQ(read_manifest(*world.bucket).all(), numbered("a", 0, 5));
  ASSERT_EQ(world.bucket->keys("data/").size(), 1u);
  world.clock.advance(std::chrono::hours(24 * 7 - 1));
  ASSERT_TRUE(gateway.put("s", "a", 5, 10));
  ASSERT_TRUE(eventually([&] { return has_all(world, 10); }));
  EXPECT_EQ(world.bucket->keys("data/").size(), 1u);
  world.clock.advance(std::chrono::hours(2));
  ASSERT_TRUE(eventually([&] { return world.bucket->keys("data/").empty(); }));
  EXPECT_EQ(read_manifest(*world.bucket).all(), numbered("a", 0, 10));
}

// A cut whose objects the store refused at first is delivered under its names, whatever stopped the lane meanwhile:
// none of them may become an orphan, because a week later orphans are removed.
TEST(ObjectLane, ObjectsOfACutThatIsTakenUpAgainStay) {
  World world;
  world.engine.clean_interval = Milliseconds(3);
  world.documents["d"] = line_objects("s");
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  std::atomic<int> puts = 0;
  gateway.store->set_fault([&](const StoreCall&) {
    ++puts;
    return StoreFault::refuse;
  });
  ASSERT_TRUE(gateway.create("d", "d"));
  ASSERT_TRUE(gateway.put("s", "a", 0, 5));
  ASSERT_TRUE(eventually([&] { return puts > 0; }));
  ASSERT_TRUE(gateway.run(gateway.engine->set_paused(std::string(kAccount), "d", true)));
  ASSERT_TRUE(
      eventually([&] { return gateway.metrics.to_prometheus_text().find("delivery_lanes 0\n") != std::string::npos; }));
  gateway.store->set_fault(nullptr);
  ASSERT_TRUE(gateway.run(gateway.engine->set_paused(std::string(kAccount), "d", false)));
  ASSERT_TRUE(eventually([&] { return has_all(world, 5); }));
  world.clock.advance(std::chrono::hours(24 * 8));
  ASSERT_TRUE(gateway.put("s", "a", 5, 10));
  ASSERT_TRUE(eventually([&] { return has_all(world, 10); }));
  world.clock.advance(std::chrono::hours(24 * 8));
  ASSERT_TRUE(gateway.put("s", "a", 10, 15));
  ASSERT_TRUE(eventually([&] { return has_all(world, 15); }));
  const Delivered delivered = read_manifest(*world.bucket);
  EXPECT_EQ(delivered.problem, "");
  EXPECT_EQ(delivered.all(), numbered("a", 0, 15));
}

}  // namespace
}  // namespace forebay::test
