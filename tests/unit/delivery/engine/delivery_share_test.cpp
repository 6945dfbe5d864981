// What delivery streams share, and what one of them shows of itself.
#include <latch>

#include "tests/unit/delivery/engine/delivery_rig.h"

namespace forebay::test {
namespace {

/// Lets go when the test ends, however it does.
class Release {
 public:
  explicit Release(std::latch& gate) : gate_(gate) {}
  ~Release() { now(); }
  Release(const Release&) = delete;
  Release& operator=(const Release&) = delete;
  void now() {
    if (!std::exchange(done_, true)) gate_.count_down();
  }

 private:
  std::latch& gate_;
  bool done_ = false;
};

TEST(DeliveryShare, AStoreThatHangsHoldsUpNoOtherDeliveryStream) {
  World world;
  world.engine.senders = 8;
  world.engine.senders_per_delivery = 3;
  world.documents["slow"] = line_objects("many");
  std::get<dl::ObjectDestination>(world.documents["slow"].destination).prefix = "slow/";
  world.documents["fast"] = line_objects("s");
  MemoryFileSystem disk;
  std::latch gate(1);
  std::atomic<int> hanging = 0;
  Gateway gateway(world, disk);
  Release release(gate);
  gateway.store->set_gate([&](const std::string& key) {
    if (!key.starts_with("slow/")) return;
    ++hanging;
    gate.wait();
  });
  gateway.make_stream("many", 16);
  gateway.make_stream("s");
  ASSERT_TRUE(gateway.create("slow", "slow"));
  ASSERT_TRUE(gateway.put("many", "m", 0, 64));
  ASSERT_TRUE(eventually([&] { return hanging == 3; }));
  ASSERT_TRUE(gateway.create("fast", "fast"));
  ASSERT_TRUE(gateway.put("s", "a", 0, 20));
  ASSERT_TRUE(eventually([&] { return read_manifest(*world.bucket).all().size() == 20; }));
  EXPECT_EQ(hanging, 3);
  release.now();
  ASSERT_TRUE(eventually([&] { return read_manifest(*world.bucket).all().size() == 84; }));
}

TEST(DeliveryShare, PartitionsAreOpenUntilTheirObjectsAreDelivered) {
  World world;
  dl::DeliveryDefinition definition = line_objects("s", 60);
  auto& objects = std::get<dl::ObjectDestination>(definition.destination);
  objects.dynamic_partitioning = true;
  objects.prefix = "data/!{partitionKeyFromQuery:c}/";
  definition.processing.partition_query = "{c: .c}";
  world.documents["d"] = definition;
  MemoryFileSystem disk;
  Gateway gateway(world, disk);
  gateway.make_stream("s");
  ASSERT_TRUE(gateway.create("d", "d"));
  const std::vector<std::string> texts = {R"({"c":"x"})", R"({"c":"y"})", R"({"c":"x"})", R"({"c":"z"})"};
  std::vector<st::PutRecord> records;
  for (const std::string& text : texts) records.push_back({"k", {}, as_bytes(text)});
  const std::span<const st::PutRecord> span(records);
  ASSERT_TRUE(gateway.run(gateway.service->put(gateway.service->find(kAccount, "s"), span)));
  ASSERT_TRUE(eventually([&] { return gateway.status("d").open_partitions == 3; }));
  world.clock.advance(std::chrono::seconds(61));
  ASSERT_TRUE(eventually([&] { return gateway.status("d").open_partitions == 0; }));
  const Delivered delivered = read_manifest(*world.bucket);
  EXPECT_EQ(delivered.problem, "");
  ASSERT_EQ(delivered.entries.size(), 1u);
  EXPECT_EQ(delivered.entries[0].objects.size(), 3u);
}

}  // namespace
}  // namespace forebay::test
