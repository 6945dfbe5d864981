// Puts and uploads across changes of the shard map, through the whole core with its threads.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "gateway/stream/embedded_stream_service.h"
#include "sys/posix_file_system.h"
#include "sys/sqlite_database.h"
#include "sys/system_clock.h"
#include "sys/system_entropy.h"
#include "tests/support/log_capture.h"
#include "tests/support/temp_directory.h"
#include "wire/kafka/record_batch.h"

namespace forebay::test {
namespace {

using namespace forebay::gateway::stream;

constexpr std::string_view kAccount = "000000000000";
constexpr HashKey kMiddle{0x8000000000000000, 0};
constexpr HashKey kQuarter{0x4000000000000000, 0};

struct Text {
  std::string key;
  std::string data;
  std::optional<HashKey> hash = {};
};

template <class T>
Task<void> store(Task<T> task, std::optional<T>& out) {
  T value = co_await std::move(task);
  out.emplace(std::move(value));
}

Task<Result<std::vector<PutOutcome>>> put_texts(StreamService& service, StreamPtr stream, std::vector<Text> records) {
  std::vector<PutRecord> views;
  for (const Text& record : records) views.push_back({record.key, record.hash, as_bytes(record.data)});
  const std::span<const PutRecord> span(views);
  co_return co_await service.put(stream, span);
}

struct ReshardServiceTest : ::testing::Test {
  TempDirectory folder;
  PosixFileSystem files;
  SystemClock clock;
  SystemEntropy entropy;
  MetricsRegistry metrics;
  LogCapture lines;
  boost::asio::io_context loop{1};  ///< lives until the service has stopped
  std::unique_ptr<EmbeddedStreamService> service;
  StreamPtr stream;

  void SetUp() override {
    open();
    CreateStream request;
    request.account = kAccount;
    request.name = "s";
    request.shard_count = 2;
    stream = *run(service->create(request));
  }
  void TearDown() override { EXPECT_TRUE(service->stop()); }
  void open() {
    EmbeddedStreamDependencies dependencies;
    dependencies.files = &files;
    dependencies.clock = &clock;
    dependencies.entropy = &entropy;
    dependencies.metrics = &metrics;
    dependencies.open_database = [this](const std::string& path) { return open_database(files, path); };
    dependencies.fatal = [](const Error& error) { ADD_FAILURE() << error.to_string(); };
    gateway::log::LogOptions options;
    options.journal.file_bytes = 1_MiB;
    options.journal.commit_bytes_max = 256_KiB;
    options.commit_bytes_max = 128_KiB;
    options.free_space_floor = 0;
    auto opened = EmbeddedStreamService::open(std::move(dependencies), folder.file("data"), options, Logger(lines, "core"));
    ASSERT_TRUE(opened) << opened.error().to_string();
    service = *std::move(opened);
    service->start();
  }
  template <class T>
  T run(Task<T> task) {
    loop.restart();
    std::optional<T> result;
    boost::asio::co_spawn(loop, store(std::move(task), result), boost::asio::detached);
    loop.run();
    return *std::move(result);
  }
  StreamPtr split(std::uint32_t shard, HashKey key) {
    auto done = run(service->split(stream, ShardNumber(shard), key));
    EXPECT_TRUE(done);
    return done ? *done : nullptr;
  }
  /// Everything a shard holds, by offset.
  std::vector<std::string> texts_of(const StreamPtr& now, std::uint32_t number) {
    const auto shard = now->shard(ShardNumber(number));
    std::vector<std::string> texts;
    Buffer scratch;
    Offset from = shard->start_offset();
    while (from < shard->end_offset()) {
      const auto read = run(service->read(shard, from, 64_KiB));
      if (!read) {
        ADD_FAILURE() << read.error().to_string();
        return texts;
      }
      for (const auto& batch : read->batches) {
        EXPECT_TRUE(wire::kafka::for_each_record(
            batch.bytes, wire::kafka::BatchLimits(), scratch,
            [&](const wire::kafka::BatchRecord& record) { texts.emplace_back(as_text(record.value)); }));
        from = Offset(batch.base.value() + batch.count);
      }
    }
    return texts;
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
    boost::asio::co_spawn(loop, store(put_texts(*service, snapshot, std::move(one)), outcomes[i]), boost::asio::detached);
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
  loop.restart();
  constexpr int kPuts = 60;
  std::vector<std::optional<Result<std::vector<PutOutcome>>>> outcomes(kPuts);
  std::vector<std::vector<Text>> records(kPuts);
  std::vector<std::optional<Result<StreamPtr>>> changes(8);
  for (int i = 0; i < kPuts; ++i) {
    records[i] = many("p" + std::to_string(i) + "-", 100);
    boost::asio::co_spawn(loop, store(put_texts(*service, service->find(kAccount, "s"), records[i]), outcomes[i]),
                          boost::asio::detached);
    if (i % 8 == 3)
      boost::asio::co_spawn(loop, store(service->scale(stream, static_cast<std::uint32_t>(2 + i % 5)), changes[i / 8]),
                            boost::asio::detached);
    loop.poll();
  }
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
    EXPECT_EQ(texts_of(now, last.shard.value()).at(static_cast<std::size_t>(last.offset.value())), records[i].back().data);
  }
  for (const auto& shard : now->shards)
    for (std::string& text : texts_of(now, shard->number.value())) found.insert(std::move(text));
  EXPECT_EQ(found, wanted);
}

TEST_F(ReshardServiceTest, APutToAStreamThatWasMadeAnewIsNotFound) {
  const StreamPtr before = stream;
  split(0, kQuarter);
  ASSERT_TRUE(run(service->remove(stream)));
  CreateStream request;
  request.account = kAccount;
  request.name = "s";
  ASSERT_TRUE(run(service->create(request)));
  EXPECT_EQ(run(put_texts(*service, before, many("x", 3))).error().code, Errc::not_found);
}

TEST_F(ReshardServiceTest, AReaderWaitingOnAClosingShardHearsOfItAtOnce) {
  loop.restart();
  std::optional<Result<Offset>> waited;
  std::optional<Result<StreamPtr>> done;
  boost::asio::co_spawn(loop, store(service->wait_for_records(stream->shard(ShardNumber(0)), Offset(0), Milliseconds(60'000)), waited),
                        boost::asio::detached);
  boost::asio::co_spawn(loop, store(service->split(stream, ShardNumber(0), kQuarter), done), boost::asio::detached);
  const SteadyTime started = clock.steady_now();
  loop.run();
  ASSERT_TRUE(waited && *waited);
  EXPECT_EQ((*waited)->value(), 0);
  EXPECT_LT(clock.steady_now() - started, std::chrono::seconds(30));
}

}  // namespace
}  // namespace forebay::test
