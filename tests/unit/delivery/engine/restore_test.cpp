// A gateway that is restored to an older state beside a bucket that has more (D5): agents send again what its log lost,
// and every record is in the manifest once.
#include "tests/unit/delivery/engine/delivery_rig.h"
#include "wire/kafka/record_batch.h"

namespace forebay::test {
namespace {

/// An agent with one lane: seals batches once, and sends again from where the gateway says it is.
class Uploader {
 public:
  explicit Uploader(std::uint64_t nonce = 7) { lineage_.nonce = nonce; }

  /// Ten records more, sealed as one batch: "r1" to "r10", "r11" to "r20", ...
  void seal() { ++sealed_; }
  [[nodiscard]] std::uint64_t last() const { return sealed_ * 10; }

  std::uint64_t known_to(Gateway& gateway) const {
    const auto stream = gateway.service->find(kAccount, "s");
    const auto states = gateway.run(gateway.service->lane_states({{lineage_, stream->id}}));
    return states ? (*states)[0].last : UINT64_MAX;
  }
  void send(Gateway& gateway) {
    const std::uint64_t known = known_to(gateway);
    ASSERT_EQ(known % 10, 0u);
    for (std::uint64_t batch = known / 10; batch < sealed_; ++batch) {
      std::vector<st::LaneBatch> lanes;
      lanes.push_back(make(*gateway.service, batch * 10 + 1));
      const auto done = gateway.run(gateway.service->append_lanes(std::move(lanes)));
      ASSERT_TRUE(done);
      ASSERT_EQ((*done)[0].result, st::LaneResult::committed);
    }
  }

 private:
  /// Records go to the shards in turn.
  [[nodiscard]] st::LaneBatch make(const st::StreamService& service, std::uint64_t first) const {
    st::LaneBatch batch;
    batch.lineage = lineage_;
    batch.first = first;
    batch.count = 10;
    batch.records_crc = static_cast<std::uint32_t>(first);
    batch.stream = service.find(kAccount, "s");
    const std::size_t shards = batch.stream->open_shards.size();
    for (std::size_t shard = 0; shard < shards; ++shard) {
      wire::kafka::RecordBatchBuilder builder;
      for (std::uint64_t i = first; i < first + 10; ++i)
        if (i % shards == shard) builder.add("k", as_bytes("r" + std::to_string(i)), 5);
      st::LaneBatch::Part part;
      part.shard = batch.stream->open_shards[shard]->number;
      part.record_count = builder.count();
      builder.finish(wire::kafka::Codec::none, part.batch);
      batch.parts.push_back(std::move(part));
    }
    return batch;
  }

  Lineage lineage_;
  std::uint64_t sealed_ = 0;
};

struct Restore : ::testing::Test {
  World world;
  MemoryFileSystem disk;
  std::unique_ptr<MemoryFileSystem> backup;
  Uploader agent;

  void SetUp() override {
    world.documents["d"] = line_objects("s");
    world.engine.manifest_patience = Milliseconds(20'000);
  }
  /// Everything the manifest has, sorted.
  [[nodiscard]] std::vector<std::string> delivered() const {
    const Delivered read = read_manifest(*world.bucket);
    EXPECT_EQ(read.problem, "");
    std::vector<std::string> all = read.all();
    std::sort(all.begin(), all.end());
    return all;
  }
  [[nodiscard]] std::vector<std::string> sent() const {
    std::vector<std::string> all = numbered("r", 1, static_cast<int>(agent.last()) + 1);
    std::sort(all.begin(), all.end());
    return all;
  }
  [[nodiscard]] bool has_all_sent() const { return delivered().size() >= agent.last(); }
  void seal_and_send(Gateway& gateway, int batches) {
    for (int i = 0; i < batches; ++i) agent.seal();
    agent.send(gateway);
  }
  /// 30 records before the backup, 30 more that are delivered, 10 that are not.
  void live_on(Gateway& gateway, std::uint32_t shards, const std::string& held_back) {
    gateway.make_stream("s", shards);
    ASSERT_TRUE(gateway.create("d", "d"));
    seal_and_send(gateway, 3);
    ASSERT_TRUE(eventually([&] { return has_all_sent() && gateway.status("d").records_behind == 0; }));
    backup = disk.kill();
    gateway.store->set_fault([&, held_back](const StoreCall& call) {
      const bool held = !held_back.empty() && call.key.find(held_back) != std::string::npos;
      return held ? StoreFault::refuse : StoreFault::none;
    });
    seal_and_send(gateway, 3);
    if (held_back.empty()) {
      ASSERT_TRUE(eventually([&] { return has_all_sent(); }));
    } else {
      ASSERT_TRUE(eventually([&] { return delivered().size() == 45; }));
    }
    gateway.store->cut_off();
    seal_and_send(gateway, 1);
  }
  void expect_once(Gateway& gateway) {
    ASSERT_TRUE(eventually([&] { return has_all_sent() && gateway.status("d").records_behind == 0; }));
    EXPECT_EQ(delivered(), sent());
  }
};

TEST_F(Restore, WhatTheBucketHasIsNotTakenAgainAndTheRestIs) {
  {
    Gateway first(world, disk);
    live_on(first, 1, "");
  }
  Gateway second(world, *backup);
  EXPECT_EQ(second.service->timeline(), 2u);
  EXPECT_EQ(agent.known_to(second), 60u);
  seal_and_send(second, 1);
  expect_once(second);
}

TEST_F(Restore, WhatOneShardHasNotDeliveredIsTakenAgainAndTheOtherPassesOverIt) {
  {
    Gateway first(world, disk);
    live_on(first, 2, "/1/1/");  // the manifest of shard 1, timeline 1
  }
  Gateway second(world, *backup);
  EXPECT_EQ(agent.known_to(second), 30u);
  seal_and_send(second, 1);
  expect_once(second);
}

// The bucket does not answer when the restored gateway starts, and it is restarted before it does.
TEST_F(Restore, ABucketThatAnswersLateChangesNothing) {
  world.engine.manifest_patience = Milliseconds(20);
  {
    Gateway first(world, disk);
    live_on(first, 1, "");
  }
  world.bucket->is_down = true;
  std::unique_ptr<MemoryFileSystem> later;
  {
    Gateway second(world, *backup);
    seal_and_send(second, 1);
    EXPECT_EQ(agent.known_to(second), 80u);
    later = backup->kill();
  }
  Gateway third(world, *later);
  seal_and_send(third, 1);
  world.bucket->is_down = false;
  expect_once(third);
}

TEST_F(Restore, TwiceFromTheSameBackup) {
  {
    Gateway first(world, disk);
    live_on(first, 1, "");
  }
  const auto again = backup->kill();
  {
    Gateway second(world, *backup);
    seal_and_send(second, 2);
    expect_once(second);
  }
  Gateway third(world, *again);
  EXPECT_EQ(third.service->timeline(), 3u);
  EXPECT_EQ(agent.known_to(third), 90u);
  seal_and_send(third, 1);
  expect_once(third);
}

TEST_F(Restore, SeveralDeliveryStreamsEachGetWhatTheyLack) {
  world.documents["e"] = line_objects("s");
  std::unique_ptr<MemoryFileSystem> later;
  {
    Gateway first(world, disk);
    first.make_stream("s");
    ASSERT_TRUE(first.create("d", "d"));
    ASSERT_TRUE(first.create("e", "e"));
    seal_and_send(first, 2);
    ASSERT_TRUE(eventually([&] { return delivered().size() == 40; }));
    ASSERT_TRUE(eventually([&] { return first.status("d").records_behind + first.status("e").records_behind == 0; }));
    backup = disk.kill();
    first.store->set_fault([](const StoreCall& call) {
      return call.key.find("/e") != std::string::npos ? StoreFault::refuse : StoreFault::none;
    });
    seal_and_send(first, 2);
    ASSERT_TRUE(eventually([&] { return delivered().size() == 60; }));
    first.store->cut_off();
  }
  Gateway second(world, *backup);
  EXPECT_EQ(agent.known_to(second), 20u);
  seal_and_send(second, 1);
  ASSERT_TRUE(eventually([&] { return delivered().size() >= 100; }));
  ASSERT_TRUE(eventually([&] { return second.status("d").records_behind + second.status("e").records_behind == 0; }));
  for (const std::string name : {"d", "e"}) {
    std::vector<std::string> own = read_manifest(*world.bucket, "_forebay/manifest/" + name + "/").all();
    std::sort(own.begin(), own.end());
    EXPECT_EQ(own, sent());
  }
}

// Records without a lineage cannot be told from new ones; new ones must not pass for those of the same offsets.
TEST_F(Restore, NewRecordsUnderOffsetsThatTheManifestKnowsAreDelivered) {
  {
    Gateway first(world, disk);
    first.make_stream("s");
    ASSERT_TRUE(first.create("d", "d"));
    ASSERT_TRUE(first.put("s", "a", 0, 20));
    ASSERT_TRUE(eventually([&] { return delivered().size() == 20 && first.status("d").records_behind == 0; }));
    backup = disk.kill();
    ASSERT_TRUE(first.put("s", "a", 20, 50));
    ASSERT_TRUE(eventually([&] { return delivered().size() == 50; }));
  }
  Gateway second(world, *backup);
  ASSERT_TRUE(second.put("s", "b", 0, 10));
  ASSERT_TRUE(eventually([&] { return delivered().size() == 60; }));
  std::vector<std::string> wanted = numbered("a", 0, 50);
  const std::vector<std::string> fresh = numbered("b", 0, 10);
  wanted.insert(wanted.end(), fresh.begin(), fresh.end());
  std::sort(wanted.begin(), wanted.end());
  EXPECT_EQ(delivered(), wanted);
}

TEST_F(Restore, ADeliveryStreamMadeAnewAfterTheRestoreSkipsNothing) {
  {
    Gateway first(world, disk);
    first.make_stream("s");
    backup = disk.kill();
    ASSERT_TRUE(first.create("d", "d"));
    ASSERT_TRUE(first.put("s", "a", 0, 50));
    ASSERT_TRUE(eventually([&] { return delivered().size() == 50; }));
  }
  Gateway second(world, *backup);
  ASSERT_TRUE(second.create("d", "d"));
  ASSERT_TRUE(second.put("s", "b", 0, 30));
  ASSERT_TRUE(eventually([&] { return delivered().size() >= 80; }));
  std::vector<std::string> wanted = numbered("a", 0, 50);
  const std::vector<std::string> fresh = numbered("b", 0, 30);
  wanted.insert(wanted.end(), fresh.begin(), fresh.end());
  std::sort(wanted.begin(), wanted.end());
  EXPECT_EQ(delivered(), wanted);
}

TEST_F(Restore, AReceiverThatBecomesABucketIsNoRestore) {
  world.documents["r"] = to_receiver("s");
  {
    Gateway first(world, disk);
    first.make_stream("s");
    ASSERT_TRUE(first.create("d", "r"));
    ASSERT_TRUE(first.put("s", "a", 0, 10));
    ASSERT_TRUE(eventually([&] { return first.status("d").records_behind == 0; }));
  }
  const auto image = disk.kill();
  Gateway second(world, *image);
  ASSERT_TRUE(second.put("s", "b", 0, 20));
  ASSERT_TRUE(eventually([&] { return second.status("d").records_behind == 0; }));
  ASSERT_TRUE(second.run(second.engine->update(std::string(kAccount), "d", 1, "d", world.documents["d"])));
  ASSERT_TRUE(second.put("s", "c", 0, 5));
  ASSERT_TRUE(eventually([&] { return delivered().size() >= 5 && second.status("d").records_behind == 0; }));
  EXPECT_EQ(delivered(), numbered("c", 0, 5));
  EXPECT_EQ(second.service->timeline(), 1u);
}

TEST_F(Restore, AStartWithoutRestoreKeepsTheTimeline) {
  {
    Gateway first(world, disk);
    live_on(first, 1, "");
  }
  const auto image = disk.kill();
  Gateway second(world, *image);
  EXPECT_EQ(second.service->timeline(), 1u);
  EXPECT_EQ(agent.known_to(second), 70u);
  seal_and_send(second, 1);
  expect_once(second);
}

}  // namespace
}  // namespace forebay::test
