// The whole core with its threads on a real disk: what the fronts call.
#include <gtest/gtest.h>

#include <thread>

#include "tests/unit/gateway_core/service_rig.h"

namespace forebay::test {
namespace {

using namespace forebay::gateway::stream;

struct ServiceTest : ServiceRig {
  std::vector<std::unique_ptr<boost::asio::io_context>> loops;  ///< live until the service has stopped
  void TearDown() override {
    ServiceRig::TearDown();
    loops.clear();
  }
};

TEST_F(ServiceTest, CreatedStreamIsFoundListedAndSurvivesRestart) {
  CreateStream request;
  request.account = kAccount;
  request.name = "web";
  request.shard_count = 4;
  const auto created = run(service->create(request));
  ASSERT_TRUE(created);
  EXPECT_EQ((*created)->open_shards.size(), 4u);
  EXPECT_EQ(run(service->create(request)).error().code, Errc::already_exists);
  EXPECT_EQ(service->find(kAccount, "web"), *created);
  EXPECT_EQ(service->find("111111111111", "web"), nullptr);
  EXPECT_EQ(service->list(kAccount, "", 10).size(), 1u);
  EXPECT_EQ(service->open_shard_count(kAccount), 4u);
  ASSERT_TRUE(run(service->set_retention(*created, 48)));
  reopen();
  const StreamPtr found = service->find(kAccount, "web");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->retention_hours, 48);
  EXPECT_EQ(found->id, (*created)->id);
  ASSERT_TRUE(run(service->remove(found)));
  EXPECT_EQ(service->find(kAccount, "web"), nullptr);
}

TEST_F(ServiceTest, PutGoesToTheShardOfTheKeyAndIsReadBack) {
  const StreamPtr stream = create("s", 8);
  std::vector<Text> records;
  for (int i = 0; i < 500; ++i) records.push_back({"key" + std::to_string(i % 50), "value" + std::to_string(i)});
  const auto outcomes = run(put_texts(*service, stream, records));
  ASSERT_TRUE(outcomes);
  ASSERT_EQ(outcomes->size(), 500u);
  for (const bool restarted : {false, true}) {
    if (restarted) reopen();
    const StreamPtr now = service->find(kAccount, "s");
    for (std::size_t i = 0; i < records.size(); ++i) {
      const PutOutcome& outcome = (*outcomes)[i];
      EXPECT_TRUE(now->shard(outcome.shard)->range.contains(hash_key_of(records[i].key)));
      const auto read = run(service->read(now->shard(outcome.shard), outcome.offset, 1));
      ASSERT_TRUE(read) << read.error().to_string();
      const std::size_t place = static_cast<std::size_t>(outcome.offset.value() - read->batches[0].base.value());
      EXPECT_EQ(texts(*read).at(place), records[i].data);
    }
  }
}

TEST_F(ServiceTest, ExplicitHashKeyWins) {
  const StreamPtr stream = create("s", 2);
  const PutRecord records[] = {{"k", HashKey{0, 1}, as_bytes("low")}, {"k", HashKey::max(), as_bytes("high")}};
  const std::span<const PutRecord> span(records);
  const auto outcomes = run(service->put(stream, span));
  ASSERT_TRUE(outcomes);
  EXPECT_EQ((*outcomes)[0].shard.value(), 0u);
  EXPECT_EQ((*outcomes)[1].shard.value(), 1u);
}

Task<void> put_many(StreamService& service, StreamPtr stream, std::string key, int count, int& done) {
  for (int i = 0; i < count; ++i) {
    const std::string data = key + ":" + std::to_string(i);
    const PutRecord record{key, {}, as_bytes(data)};
    const std::span<const PutRecord> span(&record, 1);
    const auto outcome = co_await service.put(stream, span);
    if (outcome) ++done;
  }
}

TEST_F(ServiceTest, ConcurrentPutsFromTwoLoopsKeepOrderPerKey) {
  const StreamPtr stream = create("s", 1);
  constexpr int kWriters = 16;
  constexpr int kPuts = 50;
  int done[2] = {0, 0};
  std::vector<std::thread> threads;
  for (int number = 0; number < 2; ++number) {
    loops.push_back(std::make_unique<boost::asio::io_context>(1));
    for (int writer = 0; writer < kWriters; ++writer) {
      const std::string key = std::to_string(number) + "-" + std::to_string(writer);
      boost::asio::co_spawn(*loops.back(), put_many(*service, stream, key, kPuts, done[number]), boost::asio::detached);
    }
  }
  for (auto& one : loops) threads.emplace_back([&one] { one->run(); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done[0] + done[1], 2 * kWriters * kPuts);
  std::map<std::string, int> next;
  Offset from(0);
  const auto shard = stream->shards[0];
  EXPECT_EQ(shard->end_offset().value(), 2 * kWriters * kPuts);
  while (from < shard->end_offset()) {
    const auto read = run(service->read(shard, from, 64_KiB));
    ASSERT_TRUE(read);
    for (const std::string& text : texts(*read)) {
      const std::string key = text.substr(0, text.find(':'));
      EXPECT_EQ(text, key + ":" + std::to_string(next[key]++));
    }
    from = Offset(read->batches.back().base.value() + read->batches.back().count);
  }
}

Task<Result<Offset>> wait_then(StreamService& service, std::shared_ptr<const Shard> shard, Milliseconds timeout) {
  co_return co_await service.wait_for_records(shard, Offset(0), timeout);
}

TEST_F(ServiceTest, WaitEndsWithTheFirstRecordOrAtItsTime) {
  const StreamPtr stream = create("s");
  EXPECT_EQ(run(wait_then(*service, stream->shards[0], Milliseconds(1)))->value(), 0);
  loop.restart();
  std::optional<Result<Offset>> end;
  begin(wait_then(*service, stream->shards[0], Milliseconds(60'000)), end);
  int done = 0;
  boost::asio::co_spawn(loop, put_many(*service, stream, "k", 1, done), boost::asio::detached);
  loop.run();
  ASSERT_TRUE(end);
  EXPECT_EQ((*end)->value(), 1);
}

TEST_F(ServiceTest, UploadedLanesAreAnsweredOneByOne) {
  const StreamPtr stream = create("s");
  const auto lane = [&](std::uint64_t first, std::uint32_t count) {
    wire::kafka::RecordBatchBuilder builder;
    for (std::uint32_t i = 0; i < count; ++i) builder.add("k", as_bytes("v"), 5);
    LaneBatch batch;
    batch.lineage.ordinal = 1;
    batch.first = first;
    batch.count = count;
    batch.records_crc = 9;
    batch.stream = stream;
    LaneBatch::Part part;
    part.record_count = static_cast<std::int32_t>(count);
    builder.finish(wire::kafka::Codec::lz4, part.batch);
    batch.parts.push_back(std::move(part));
    return batch;
  };
  std::vector<LaneBatch> lanes;
  lanes.push_back(lane(1, 5));
  lanes.push_back(lane(6, 5));
  lanes.push_back(lane(20, 5));
  const auto outcomes = run(service->append_lanes(std::move(lanes)));
  ASSERT_TRUE(outcomes);
  EXPECT_EQ((*outcomes)[0].result, LaneResult::committed);
  EXPECT_EQ((*outcomes)[1].last, 10u);
  EXPECT_EQ((*outcomes)[2].result, LaneResult::gap);
  EXPECT_EQ((*outcomes)[2].last, 10u);
  Lineage lineage;
  lineage.ordinal = 1;
  const auto states = run(service->lane_states({{lineage, stream->id}}));
  ASSERT_TRUE(states);
  EXPECT_TRUE((*states)[0].known);
  EXPECT_EQ((*states)[0].last, 10u);
  EXPECT_EQ(stream->shards[0]->end_offset().value(), 10);
}

TEST_F(ServiceTest, AHistoryThatGoesOnSurvivesARestart) {
  const StreamPtr stream = create("s");
  Lineage lineage;
  lineage.ordinal = 4;
  const std::vector<std::pair<Lineage, gstream::StreamId>> asked = {{lineage, stream->id}};
  ASSERT_TRUE(service->continue_history(3, stream->id, {{lineage, 70}}));
  ASSERT_TRUE(service->continue_history(2, stream->id, {{lineage, 60}}));  // neither goes back
  EXPECT_EQ(service->continue_history(9, gstream::StreamId(99), {{lineage, 1}}).error().code, Errc::not_found);
  for (int start = 0; start < 3; ++start) {  // from the journal, then from the checkpoint alone
    EXPECT_EQ(service->timeline(), 3u);
    const auto states = run(service->lane_states(asked));
    ASSERT_TRUE(states);
    EXPECT_EQ((*states)[0].last, 70u);
    reopen();
  }
}

TEST_F(ServiceTest, ReadOutsideTheShardIsOutOfRange) {
  const StreamPtr stream = create("s");
  EXPECT_TRUE(run(service->read(stream->shards[0], Offset(0), 1)));
  EXPECT_EQ(run(service->read(stream->shards[0], Offset(1), 1)).error().code, Errc::out_of_range);
}

}  // namespace
}  // namespace forebay::test
