// Counts of single shards: which records they take, how long they live, and the window of ages.
#include "tests/support/manual_clock.h"
#include "tests/unit/gateway_core/service_rig.h"

namespace forebay::test {
namespace {

using namespace forebay::gateway::stream;

const ShardNumber kFirst(0);

struct MeteredStream : ServiceRig {
  StreamPtr with_metrics(const StreamPtr& stream, std::optional<std::string> names) {
    std::vector<AttributeChange> changes(1);
    changes[0].key = kShardMetricsAttribute;
    changes[0].value = std::move(names);
    return *run(service->set_attributes(stream, changes));
  }
};

TEST(ShardMeters, AgeIsTheLargestOfTheLastMinutes) {
  ManualClock clock;
  ShardMeters meters;
  const auto age = [&] { return meters.counts(kFirst, clock.steady_now()).iterator_age; };
  EXPECT_FALSE(age());
  meters.iterator_age(kFirst, Milliseconds(500), clock.steady_now());
  meters.iterator_age(kFirst, Milliseconds(0), clock.steady_now());
  EXPECT_EQ(age(), Milliseconds(500));
  clock.advance(std::chrono::seconds(60));
  EXPECT_EQ(age(), Milliseconds(500)) << "of the minute before";
  meters.iterator_age(kFirst, Milliseconds(3), clock.steady_now());
  EXPECT_EQ(age(), Milliseconds(500));
  clock.advance(std::chrono::seconds(60));
  EXPECT_EQ(age(), Milliseconds(3));
  clock.advance(std::chrono::seconds(60));
  EXPECT_FALSE(age()) << "nobody reads";
}

TEST_F(MeteredStream, TakesWhatIsPutFromTheCallThatEnabledItOn) {
  const StreamPtr plain = create("s", 2);
  EXPECT_EQ(plain->meters, nullptr);
  EXPECT_TRUE(service->metered().empty());
  ASSERT_TRUE(run(put_texts(*service, plain, {{"k", "before", HashKey()}})));
  const StreamPtr stream = with_metrics(plain, "ALL");
  ASSERT_NE(stream->meters, nullptr);
  EXPECT_EQ(service->metered(), std::vector<StreamPtr>{stream});
  const HashKey high = stream->shards[1]->range.start;
  ASSERT_TRUE(run(put_texts(*service, stream, {{"k", "abc", HashKey()}, {"key", "d", high}, {"k", "", HashKey()}})));
  const SteadyTime now = clock.steady_now();
  EXPECT_EQ(stream->meters->counts(kFirst, now).incoming.records, 2u);
  EXPECT_EQ(stream->meters->counts(kFirst, now).incoming.bytes, 5u);
  EXPECT_EQ(stream->meters->counts(ShardNumber(1), now).incoming.records, 1u);
  EXPECT_EQ(stream->meters->counts(ShardNumber(1), now).incoming.bytes, 4u);
  EXPECT_EQ(with_metrics(stream, std::nullopt)->meters, nullptr);
  EXPECT_TRUE(service->metered().empty());
}

TEST_F(MeteredStream, CountsGoOnBehindASplitAndOverOtherChanges) {
  const StreamPtr before = with_metrics(create("s"), "ALL");
  ASSERT_TRUE(run(put_texts(*service, before, {{"k", "a", HashKey()}})));
  const StreamPtr stream = *run(service->split(before, kFirst, before->shards[0]->range.end));
  EXPECT_EQ(stream->meters, before->meters);
  // Routed by the older map, stored in the child.
  ASSERT_TRUE(run(put_texts(*service, before, {{"k", "b", HashKey()}})));
  EXPECT_EQ(stream->meters->counts(kFirst, clock.steady_now()).incoming.records, 1u);
  EXPECT_EQ(stream->meters->counts(ShardNumber(1), clock.steady_now()).incoming.records, 1u);
  stream->meters->keep(std::span(stream->shards).subspan(1));
  EXPECT_EQ(stream->meters->counts(kFirst, clock.steady_now()).incoming.records, 0u) << "the shard expired";
  EXPECT_EQ(stream->meters->counts(ShardNumber(1), clock.steady_now()).incoming.records, 1u);
  ASSERT_TRUE(run(service->remove(stream)));
  EXPECT_TRUE(service->metered().empty());
  EXPECT_NE(create("s")->meters, stream->meters) << "another stream of that name";
}

TEST_F(MeteredStream, AgentsUploadsCountOnceEach) {
  const StreamPtr stream = with_metrics(create("s"), "ALL");
  const auto upload = [&] {
    wire::kafka::RecordBatchBuilder builder;
    for (int i = 0; i < 3; ++i) builder.add("key", as_bytes("value"), 5);
    std::vector<LaneBatch> lanes(1);
    lanes[0].lineage.ordinal = 1;
    lanes[0].first = 1;
    lanes[0].count = 3;
    lanes[0].records_crc = 9;
    lanes[0].stream = stream;
    lanes[0].parts.resize(1);
    lanes[0].parts[0].record_count = 3;
    builder.finish(wire::kafka::Codec::lz4, lanes[0].parts[0].batch);
    return (*run(service->append_lanes(std::move(lanes))))[0].result;
  };
  EXPECT_EQ(upload(), LaneResult::committed);
  EXPECT_EQ(upload(), LaneResult::duplicate);
  EXPECT_EQ(stream->meters->counts(kFirst, clock.steady_now()).incoming.records, 3u);
  EXPECT_EQ(stream->meters->counts(kFirst, clock.steady_now()).incoming.bytes, 24u);
}

}  // namespace
}  // namespace forebay::test
