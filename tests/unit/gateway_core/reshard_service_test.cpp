// Puts and uploads across changes of the shard map, through the whole core with its threads.
#include <gtest/gtest.h>

#include "tests/unit/gateway_core/service_rig.h"

namespace forebay::test {
namespace {

using namespace forebay::gateway::stream;

constexpr HashKey kMiddle{0x8000000000000000, 0};
constexpr HashKey kQuarter{0x4000000000000000, 0};

struct ReshardServiceTest : ServiceRig {
  StreamPtr stream;

  void SetUp() override {
    ServiceRig::SetUp();
    stream = create("s", 2);
  }
  StreamPtr split(std::uint32_t shard, HashKey key) {
    auto done = run(service->split(stream, ShardNumber(shard), key));
    EXPECT_TRUE(done);
    return done ? *done : nullptr;
  }
  /// Everything a shard holds, by offset.
  std::vector<std::string> texts_of(const StreamPtr& now, std::uint32_t number) {
    const auto shard = now->shard(ShardNumber(number));
    std::vector<std::string> held;
    Offset from = shard->start_offset();
    while (from < shard->end_offset()) {
      const auto read = run(service->read(shard, from, 64_KiB));
      if (!read) {
        ADD_FAILURE() << read.error().to_string();
        return held;
      }
      for (std::string& text : texts(*read)) held.push_back(std::move(text));
      from = Offset(read->batches.back().base.value() + read->batches.back().count);
    }
    return held;
  }
  /// Every outcome names an open shard of the present map that owns the key, and the place where the record is.
  void expect_found(const std::vector<Text>& records, const std::vector<PutOutcome>& outcomes) {
    const StreamPtr now = service->find(kAccount, "s");
    ASSERT_EQ(records.size(), outcomes.size());
    std::map<std::uint32_t, std::vector<std::string>> held;
    for (std::size_t i = 0; i < records.size(); ++i) {
      const auto shard = now->shard(outcomes[i].shard);
      ASSERT_TRUE(shard);
      EXPECT_FALSE(shard->closed);
      EXPECT_EQ(outcomes[i].shard_created, shard->created);
      EXPECT_TRUE(shard->range.contains(records[i].hash.value_or(hash_key_of(records[i].key))));
      const std::uint32_t number = outcomes[i].shard.value();
      if (!held.contains(number)) held[number] = texts_of(now, number);
      const auto offset = static_cast<std::size_t>(outcomes[i].offset.value());
      ASSERT_LT(offset, held[number].size());
      EXPECT_EQ(held[number][offset], records[i].data);
    }
  }
};

std::vector<Text> many(const std::string& prefix, int count) {
  std::vector<Text> records;
  for (int i = 0; i < count; ++i) records.push_back({"key" + std::to_string(i % 37), prefix + std::to_string(i)});
  return records;
}

TEST_F(ReshardServiceTest, APutRoutedByAnyOlderMapLandsInTheShardsOfThePresentOne) {
  const std::vector<StreamPtr> snapshots = [&] {
    std::vector<StreamPtr> all{stream};
    all.push_back(split(0, kQuarter));
    all.push_back(*run(service->merge(all.back(), ShardNumber(3), ShardNumber(1))));
    all.push_back(*run(service->scale(all.back(), 5)));
    all.push_back(*run(service->scale(all.back(), 3)));
    return all;
  }();
  for (std::size_t i = 0; i < snapshots.size(); ++i) {
    const auto records = many("snapshot" + std::to_string(i) + "-", 400);
    const auto outcomes = run(put_texts(*service, snapshots[i], records));
    ASSERT_TRUE(outcomes) << outcomes.error().to_string();
    expect_found(records, *outcomes);
  }
  EXPECT_EQ(metrics.counter(gateway::log::kReroutedMetric).value(), snapshots.size() - 1);
  // Nothing went to a closed shard, nothing is there twice.
  const StreamPtr now = service->find(kAccount, "s");
  std::size_t total = 0;
  for (const auto& shard : now->shards) {
    const std::size_t count = static_cast<std::size_t>(shard->end_offset().value());
    if (shard->closed) {
      EXPECT_EQ(count, 0u);
    }
    total += count;
  }
  EXPECT_EQ(total, 400u * snapshots.size());
}

TEST_F(ReshardServiceTest, KeysAtTheEdgesOfRangesGoToTheRightChild) {
  const StreamPtr before = stream;
  split(0, kQuarter);
  const std::vector<Text> records = {{"k", "first", HashKey()},
                                     {"k", "below", kQuarter.previous()},
                                     {"k", "at", kQuarter},
                                     {"k", "end", kMiddle.previous()},
                                     {"k", "next", kMiddle},
                                     {"k", "last", HashKey::max()}};
  for (const StreamPtr& snapshot : {before, service->find(kAccount, "s")}) {
    const auto outcomes = run(put_texts(*service, snapshot, records));
    ASSERT_TRUE(outcomes);
    std::vector<std::uint32_t> shards;
    for (const PutOutcome& outcome : *outcomes) shards.push_back(outcome.shard.value());
    EXPECT_EQ(shards, (std::vector<std::uint32_t>{2, 2, 3, 3, 1, 1}));
    expect_found(records, *outcomes);
  }
}

TEST_F(ReshardServiceTest, LaterPutsOfTheSameTurnStayBehindThoseThatComeBack) {
  const StreamPtr before = stream;
  const StreamPtr after = split(0, kQuarter);
  loop.restart();
  std::vector<std::optional<Result<std::vector<PutOutcome>>>> outcomes(6);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    std::vector<Text> one = {{"same key", std::to_string(i)}};
    // The first comes back; all the others follow the present map, or come back too.
    const StreamPtr& snapshot = i == 0 || i == 3 ? before : after;
    begin(put_texts(*service, snapshot, std::move(one)), outcomes[i]);
  }
  loop.run();
  for (const auto& outcome : outcomes) {
    ASSERT_TRUE(outcome.has_value());
    ASSERT_TRUE(*outcome);
  }
  const std::uint32_t shard = after->shard_for(hash_key_of("same key"))->number.value();
  const auto held = texts_of(after, shard);
  ASSERT_EQ(held.size(), 6u);
  // Puts of one snapshot stay in their order, and what follows the present map waits for what came back.
  EXPECT_EQ(held, (std::vector<std::string>{"0", "3", "1", "2", "4", "5"}));
}

TEST_F(ReshardServiceTest, PutsBesideSplitsAndMergesAreEachThereOnce) {
  constexpr int kPuts = 60;
  std::vector<std::optional<Result<std::vector<PutOutcome>>>> outcomes(kPuts);
  std::vector<std::vector<Text>> records(kPuts);
  std::vector<std::optional<Result<StreamPtr>>> changes(8);
  for (int i = 0; i < kPuts; ++i) {
    records[i] = many("p" + std::to_string(i) + "-", 100);
    begin(put_texts(*service, service->find(kAccount, "s"), records[i]), outcomes[i]);
    if (i % 8 == 3) begin(service->scale(stream, static_cast<std::uint32_t>(2 + i % 5)), changes[i / 8]);
    loop.restart();  // it stops whenever everything so far is done
    loop.poll();
  }
  loop.restart();
  loop.run();
  for (const auto& change : changes)
    if (change) {
      EXPECT_TRUE(*change);
    }
  const StreamPtr now = service->find(kAccount, "s");
  std::multiset<std::string> wanted;
  std::multiset<std::string> found;
  for (int i = 0; i < kPuts; ++i) {
    ASSERT_TRUE(outcomes[i]);
    ASSERT_TRUE(*outcomes[i]) << (*outcomes[i]).error().to_string();
    for (const Text& record : records[i]) wanted.insert(record.data);
    const auto& last = (*outcomes[i])->back();
    const auto place = static_cast<std::size_t>(last.offset.value());
    EXPECT_EQ(texts_of(now, last.shard.value()).at(place), records[i].back().data);
  }
  for (const auto& shard : now->shards)
    for (std::string& text : texts_of(now, shard->number.value())) found.insert(std::move(text));
  EXPECT_EQ(found, wanted);
}

TEST_F(ReshardServiceTest, APutToAStreamThatWasMadeAnewIsNotFound) {
  const StreamPtr before = stream;
  split(0, kQuarter);
  ASSERT_TRUE(run(service->remove(stream)));
  ASSERT_TRUE(create("s"));
  EXPECT_EQ(run(put_texts(*service, before, many("x", 3))).error().code, Errc::not_found);
}

TEST_F(ReshardServiceTest, AReaderWaitingOnAClosingShardHearsOfItAtOnce) {
  loop.restart();
  std::optional<Result<Offset>> waited;
  std::optional<Result<StreamPtr>> done;
  begin(service->wait_for_records(stream->shard(ShardNumber(0)), Offset(0), Milliseconds(60'000)), waited);
  begin(service->split(stream, ShardNumber(0), kQuarter), done);
  const SteadyTime started = clock.steady_now();
  loop.run();
  ASSERT_TRUE(waited && *waited);
  EXPECT_EQ((*waited)->value(), 0);
  EXPECT_LT(clock.steady_now() - started, std::chrono::seconds(30));
}

}  // namespace
}  // namespace forebay::test
