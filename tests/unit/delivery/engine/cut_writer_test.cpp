// Objects of one cut on their way to the store, several at once: order, repetition, and what each failure means.
#include "gateway/delivery/engine/cut_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <latch>

#include "tests/unit/delivery/engine/fake_bucket.h"

namespace forebay::test {
namespace {

namespace dl = forebay::gateway::delivery;
using Step = dl::CutWriter::Step;

/// Gives objects "o/0", "o/1", ... and then an error, when one is set.
class ScriptedBuilder final : public dl::ObjectBuilder {
 public:
  ScriptedBuilder(int count, std::optional<Error> error) : count_(count), error_(std::move(error)) {}
  void add(const dl::DeliveryRecord&) override {}
  [[nodiscard]] bool empty() const override { return false; }
  [[nodiscard]] std::size_t bytes() const override { return 0; }
  [[nodiscard]] std::uint64_t largest_bytes() const override { return 0; }
  [[nodiscard]] std::size_t open_partitions() const override { return 0; }
  void seal(const dl::Cut&) override {}
  Result<std::optional<dl::FinishedObject>> next() override {
    if (made_ == count_ && error_) return *error_;
    if (made_ == count_) return std::optional<dl::FinishedObject>();
    dl::FinishedObject object;
    object.key = "o/" + std::to_string(made_++);
    object.body = to_buffer(as_bytes("body of " + object.key));
    object.sha256 = sha256(object.body);
    object.records = 1;
    object.bytes_before = 10;
    return std::optional(std::move(object));
  }

 private:
  const int count_;
  const std::optional<Error> error_;
  int made_ = 0;
};

struct CutWriterTest : ::testing::Test {
  std::shared_ptr<FakeBucket> bucket = std::make_shared<FakeBucket>();
  std::shared_ptr<FakeStore> store = std::make_shared<FakeStore>(bucket);
  dl::WorkerPool workers{2};
  dl::SenderPool senders{16};
  dl::SenderPool::SharePtr share = std::make_shared<dl::SenderPool::Share>(16);
  boost::asio::io_context loop{1};
  std::atomic<bool> must_leave = false;

  std::shared_ptr<dl::CutWriter> writer(int objects, std::optional<Error> error = {}) {
    dl::CutContent content;
    content.cut.source.delivery = "d";
    content.cut.last = gateway::stream::Offset(99);
    content.builder = std::make_unique<ScriptedBuilder>(objects, std::move(error));
    return std::make_shared<dl::CutWriter>(store, std::move(content));
  }
  static Task<void> keep(std::shared_ptr<dl::CutWriter> writer, dl::CutWriter::Means means, std::optional<Step>& out) {
    out = co_await dl::CutWriter::run(writer, means);
  }
  Step run(const std::shared_ptr<dl::CutWriter>& writer, std::size_t at_once = 4) {
    std::optional<Step> step;
    dl::CutWriter::Means means{workers, senders, share, at_once, [this] { return must_leave.load(); }};
    loop.restart();
    boost::asio::co_spawn(loop, keep(writer, means, step), boost::asio::detached);
    loop.run();
    return step.value();
  }
  static std::string entry_key() {
    dl::Cut cut;
    cut.source.delivery = "d";
    return dl::manifest_key(cut);
  }
  /// Puts of each key so far.
  std::map<std::string, int> count_puts() {
    const std::scoped_lock lock(mutex);
    return puts;
  }
  void note(const std::string& key) {
    const std::scoped_lock lock(mutex);
    ++puts[key];
  }
  std::mutex mutex;
  std::map<std::string, int> puts;
};

TEST_F(CutWriterTest, SoManyObjectsAreOnTheirWayAtOnceAndNoMore) {
  std::latch four(4);
  std::atomic<int> under_way = 0;
  std::atomic<int> most = 0;
  store->set_gate([&](const std::string& key) {
    const int now = ++under_way;
    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    if (key.starts_with("o/") && key < "o/4")
      four.arrive_and_wait();  // the first four: ends only when they are there together
    --under_way;
  });
  const auto cut = writer(10);
  EXPECT_EQ(run(cut, 4), Step::done);
  EXPECT_EQ(most, 4);
  EXPECT_EQ(bucket->keys("o/").size(), 10u);
  EXPECT_EQ(cut->payload_bytes(), 100u);
}

TEST_F(CutWriterTest, TheEntryDoesNotTellWhichObjectWasFaster) {
  const auto one_by_one = writer(8);
  ASSERT_EQ(run(one_by_one, 1), Step::done);
  const Buffer entry = *bucket->get(entry_key());
  bucket = std::make_shared<FakeBucket>();
  store = std::make_shared<FakeStore>(bucket);
  std::latch others(7);
  store->set_gate([&](const std::string& key) {
    if (key == "o/0")
      others.wait();  // the first one is taken last
    else if (key.starts_with("o/"))
      others.count_down();
  });
  const auto together = writer(8);
  ASSERT_EQ(run(together, 4), Step::done);
  EXPECT_EQ(together->entry_hash(), one_by_one->entry_hash());
  EXPECT_EQ(*bucket->get(entry_key()), entry);
  EXPECT_EQ(bucket->order().back(), entry_key());
}

TEST_F(CutWriterTest, OnlyWhatIsNotStoredIsSentAgain) {
  std::atomic<bool> refuse = true;
  std::map<std::string, int> refused;
  store->set_fault([&](const StoreCall& call) {
    note(call.key);
    if (!refuse || (call.key != "o/1" && call.key != "o/2")) return StoreFault::none;
    ++refused[call.key];
    return StoreFault::refuse;
  });
  const auto cut = writer(6);
  ASSERT_EQ(run(cut, 4), Step::again);
  EXPECT_EQ(cut->error().code, Errc::unavailable);
  EXPECT_FALSE(cut->has_told());
  EXPECT_FALSE(refused.empty());
  const std::vector<std::string> keys = cut->keys();
  for (const auto& [key, times] : count_puts()) {
    EXPECT_EQ(times, 1) << key;
    EXPECT_EQ(std::count(keys.begin(), keys.end(), key), 1) << key;
  }
  refuse = false;
  ASSERT_EQ(run(cut, 4), Step::done);
  for (const auto& [key, times] : count_puts()) EXPECT_EQ(times, 1 + refused[key]) << key;
  ASSERT_EQ(cut->entry().objects.size(), 6u);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(cut->entry().objects[i].key, "o/" + std::to_string(i));
}

TEST_F(CutWriterTest, AnEntryThatWasRefusedIsSentAgainAsItWas) {
  std::atomic<bool> lose = true;
  store->set_fault([&](const StoreCall& call) {
    note(call.key);
    return lose && call.key.starts_with("_forebay") ? StoreFault::lose_reply : StoreFault::none;
  });
  const auto cut = writer(3);
  ASSERT_EQ(run(cut), Step::again);
  EXPECT_TRUE(cut->has_told());
  lose = false;
  ASSERT_EQ(run(cut), Step::done);
  EXPECT_EQ(count_puts()["o/0"], 1);
}

TEST_F(CutWriterTest, AnotherObjectOfTheNameIsAConflictHoweverManyFailBeside) {
  bucket->put("o/2", as_bytes("somebody else's"));
  store->set_fault([&](const StoreCall& call) { return call.key == "o/1" ? StoreFault::refuse : StoreFault::none; });
  std::latch both(2);
  store->set_gate([&](const std::string& key) {
    if (key == "o/1" || key == "o/2") both.arrive_and_wait();
  });
  const auto cut = writer(10);
  ASSERT_EQ(run(cut, 4), Step::conflict);
  EXPECT_EQ(cut->error().code, Errc::conflict);
  EXPECT_NE(cut->error().context.find("o/2"), std::string::npos);
  EXPECT_FALSE(cut->has_told());
  EXPECT_TRUE(bucket->keys("_forebay").empty());
}

TEST_F(CutWriterTest, ObjectsThatCannotBeMadeEndIt) {
  const auto cut = writer(2, Error{Errc::unsupported, "no package"});
  ASSERT_EQ(run(cut, 1), Step::failed);
  EXPECT_EQ(cut->error().context, "no package");
  EXPECT_TRUE(bucket->keys("_forebay").empty());
}

TEST_F(CutWriterTest, AskedToLeaveItBeginsNothingNew) {
  store->set_gate([&](const std::string&) { must_leave = true; });
  const auto cut = writer(100);
  ASSERT_EQ(run(cut, 1), Step::left);
  EXPECT_EQ(bucket->keys().size(), 1u);
  must_leave = false;
  store->set_gate(nullptr);
  EXPECT_EQ(run(cut, 8), Step::done);
  EXPECT_EQ(bucket->keys("o/").size(), 100u);
}

TEST_F(CutWriterTest, WithoutObjectsThereIsAnEntryAllTheSame) {
  const auto cut = writer(0);
  ASSERT_EQ(run(cut), Step::done);
  EXPECT_EQ(bucket->keys().size(), 1u);
}

}  // namespace
}  // namespace forebay::test
