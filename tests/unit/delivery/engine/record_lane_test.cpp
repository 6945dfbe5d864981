// Record lanes on a real log in memory: order, attempts, dead letters, progress over a kill.
#include "base/base64.h"
#include "tests/unit/delivery/engine/delivery_rig.h"

namespace forebay::test {
namespace {

using Outcome = dl::RecordSink::Outcome;

struct RecordLane : ::testing::Test {
  World world;
  MemoryFileSystem disk;
  std::unique_ptr<Gateway> gateway;

  void open(std::uint32_t retry_seconds = 300) {
    world.documents["d"] = to_receiver("s");
    std::get<dl::RecordDestination>(world.documents["d"].destination).retry_seconds = retry_seconds;
    gateway = std::make_unique<Gateway>(world, disk);
    gateway->make_stream("s");
    ASSERT_TRUE(gateway->create("d", "d"));
  }
  bool idle() { return gateway->status("d").records_behind == 0; }
  std::string dead_letters() {
    std::string text;
    for (const std::string& key : world.bucket->keys("dead/")) text += as_text(*world.bucket->get(key));
    return text;
  }
};

TEST_F(RecordLane, RecordsArriveInOrderWithinTheSinksLimits) {
  world.limits.records_max = 7;
  open();
  ASSERT_TRUE(gateway->put("s", "a", 0, 100));
  ASSERT_TRUE(eventually([&] { return idle(); }));
  EXPECT_EQ(world.receiver->taken(), numbered("a", 0, 100));
  for (const auto& call : world.receiver->calls()) EXPECT_LE(call.data.size(), 7u);
}

TEST_F(RecordLane, RefusedBatchesComeAgainWithTheSameIdAndARisingNumber) {
  open();
  world.receiver->set_answer([](const FakeReceiver::Call& call) {
    if (call.attempt < 4) return Outcome{0, {}, "503", {}, false};
    return Outcome{call.data.size(), {}, "", {}, false};
  });
  ASSERT_TRUE(gateway->put("s", "a", 0, 5));
  ASSERT_TRUE(eventually([&] { return idle(); }));
  const auto calls = world.receiver->calls();
  ASSERT_EQ(calls.size(), 4u);
  for (const auto& call : calls) EXPECT_EQ(call.id, calls.front().id);
  EXPECT_EQ(world.receiver->taken(), numbered("a", 0, 5));
  EXPECT_EQ(gateway->status("d").last_error, "503");
}

TEST_F(RecordLane, WhatIsSettledIsNotSentAgain) {
  open();
  world.receiver->set_answer([](const FakeReceiver::Call& call) {
    return Outcome{
        std::min<std::size_t>(3, call.data.size()), {}, call.data.size() > 3 ? "the rest later" : "", {}, false};
  });
  ASSERT_TRUE(gateway->put("s", "a", 0, 20));
  ASSERT_TRUE(eventually([&] { return idle(); }));
  EXPECT_EQ(world.receiver->taken(), numbered("a", 0, 20));
}

TEST_F(RecordLane, RecordsRefusedForGoodBecomeDeadLettersWithTheReason) {
  open();
  world.receiver->set_answer([](const FakeReceiver::Call& call) {
    Outcome outcome{call.data.size(), {}, "", {}, false};
    for (std::size_t i = 0; i < call.data.size(); ++i)
      if (call.data[i] == "a3") outcome.failures.push_back({i, "Poison", "cannot be \"parsed\""});
    return outcome;
  });
  ASSERT_TRUE(gateway->put("s", "a", 0, 6));
  ASSERT_TRUE(eventually([&] { return idle() && !dead_letters().empty(); }));
  const std::string letters = dead_letters();
  EXPECT_NE(letters.find("\"errorCode\":\"Poison\",\"errorMessage\":\"cannot be \\\"parsed\\\"\""), std::string::npos)
      << letters;
  EXPECT_NE(letters.find("\"rawData\":\"" + to_base64(as_bytes("a3")) + "\""), std::string::npos);
  EXPECT_EQ(std::count(letters.begin(), letters.end(), '\n'), 1);
  EXPECT_TRUE(world.bucket->keys("dead/").front().find("http-endpoint-failed") != std::string::npos);
  EXPECT_EQ(world.receiver->taken().size(), 5u);
  EXPECT_EQ(gateway->status("d").dead_letters, 1u);
}

TEST_F(RecordLane, AfterTheRetryTimeTheBatchIsGivenUpAndTheNextOneGoesOn) {
  open(60);
  world.receiver->set_answer([this](const FakeReceiver::Call& call) {
    world.clock.advance(std::chrono::seconds(25));
    if (call.data.front() == "a0") return Outcome{0, {}, "out of order", {}, false};
    return Outcome{call.data.size(), {}, "", {}, false};
  });
  ASSERT_TRUE(gateway->put("s", "a", 0, 4));
  ASSERT_TRUE(eventually([&] { return idle() && !dead_letters().empty(); }));
  ASSERT_TRUE(gateway->put("s", "b", 0, 4));
  ASSERT_TRUE(eventually([&] { return world.receiver->taken().size() == 4; }));
  const std::string letters = dead_letters();
  EXPECT_EQ(std::count(letters.begin(), letters.end(), '\n'), 4);
  EXPECT_NE(letters.find("\"attemptsMade\":3"), std::string::npos) << letters;
  EXPECT_NE(letters.find("out of order"), std::string::npos);
}

TEST_F(RecordLane, WhatTheReceiverHasBehindTheOneThatFailsIsNoDeadLetter) {
  open(60);
  world.receiver->set_answer([this](const FakeReceiver::Call& call) {
    world.clock.advance(std::chrono::seconds(25));
    Outcome outcome{call.attempt == 1 && call.data.front() == "a0" ? 1u : 0u, {}, "out of order", {}, false};
    const bool rest = call.data.front() != "a0";
    for (std::size_t i = rest ? 0 : 1; i < call.data.size(); ++i) {
      if (call.data[i] == "a2" || call.data[i] == "a4") outcome.taken.push_back(i);
      if (call.data[i] == "a3") outcome.failures.push_back({i, "Poison", "not that one"});
    }
    return outcome;
  });
  ASSERT_TRUE(gateway->put("s", "a", 0, 6));
  ASSERT_TRUE(eventually([&] { return idle() && !dead_letters().empty(); }));
  const std::string letters = dead_letters();
  EXPECT_EQ(std::count(letters.begin(), letters.end(), '\n'), 3) << letters;
  for (const char* taken : {"a0", "a2", "a4"})
    EXPECT_EQ(letters.find("\"rawData\":\"" + to_base64(as_bytes(taken))), std::string::npos) << taken;
  for (const char* lost : {"a1", "a3", "a5"})
    EXPECT_NE(letters.find("\"rawData\":\"" + to_base64(as_bytes(lost))), std::string::npos) << lost;
  EXPECT_NE(letters.find("\"errorCode\":\"Poison\""), std::string::npos) << "its own reason";
  EXPECT_EQ(gateway->status("d").delivered_records, 3u);
  EXPECT_EQ(gateway->status("d").dead_letters, 3u);
}

TEST_F(RecordLane, DeadLettersWaitForTheirStoreAndArriveOnce) {
  open();
  world.receiver->set_answer([](const FakeReceiver::Call& call) {
    return Outcome{0, {}, "never " + call.id, {}, true};
  });
  std::atomic<int> left = 6;
  gateway->store->set_fault([&](const StoreCall&) {
    return --left >= 3 ? StoreFault::refuse : left >= 0 ? StoreFault::lose_reply : StoreFault::none;
  });
  ASSERT_TRUE(gateway->put("s", "a", 0, 4));
  ASSERT_TRUE(eventually([&] { return idle() && left < 0; }));
  EXPECT_EQ(world.bucket->keys("dead/").size(), 1u);
  const std::string letters = dead_letters();
  EXPECT_EQ(std::count(letters.begin(), letters.end(), '\n'), 4);
}

TEST_F(RecordLane, DeadLettersOfABucketThatDoesNotAnswerKeepNoOthers) {
  const auto gone = world.named_buckets["gone"] = std::make_shared<FakeBucket>();
  gone->is_down = true;
  world.documents["e"] = to_receiver("s");
  open();
  world.receiver->set_answer([](const FakeReceiver::Call&) { return Outcome{0, {}, "never", {}, true}; });
  std::get<dl::RecordDestination>(world.documents["d"].destination).dead_letters.objects.bucket = "gone";
  ASSERT_TRUE(gateway->update("d", "d"));
  ASSERT_TRUE(gateway->put("s", "a", 0, 4));
  ASSERT_TRUE(eventually([&] { return idle(); }));
  ASSERT_TRUE(gateway->update("d", "e"));
  ASSERT_TRUE(gateway->put("s", "b", 0, 4));
  ASSERT_TRUE(eventually([&] { return idle() && !dead_letters().empty(); }));
  EXPECT_TRUE(gone->keys().empty());
  gone->is_down = false;
  EXPECT_TRUE(eventually([&] { return gone->keys().size() == 1; })) << "they were kept";
}

TEST_F(RecordLane, WithoutAPlaceForDeadLettersNothingIsGivenUp) {
  world.documents["d"] = to_receiver("s");
  auto& records = std::get<dl::RecordDestination>(world.documents["d"].destination);
  records.dead_letters.objects.bucket.clear();
  records.retry_seconds = 0;
  gateway = std::make_unique<Gateway>(world, disk);
  gateway->make_stream("s");
  ASSERT_TRUE(gateway->create("d", "d"));
  std::atomic<int> calls = 0;
  world.receiver->set_answer([&](const FakeReceiver::Call& call) {
    if (++calls < 10) return Outcome{0, {}, "not now", {}, true};
    return Outcome{call.data.size(), {}, "", {}, false};
  });
  ASSERT_TRUE(gateway->put("s", "a", 0, 4));
  ASSERT_TRUE(eventually([&] { return idle(); }));
  EXPECT_EQ(world.receiver->taken(), numbered("a", 0, 4));
}

TEST_F(RecordLane, AfterAKillEverythingArrivesAtLeastOnceAndInOrder) {
  world.limits.records_max = 5;
  open();
  std::atomic<int> calls = 0;
  std::unique_ptr<MemoryFileSystem> image;
  world.receiver->set_answer([&](const FakeReceiver::Call& call) {
    if (++calls == 6) image = disk.kill();
    if (calls >= 6) return Outcome{0, {}, "gone", {}, false};
    return Outcome{call.data.size(), {}, "", {}, false};
  });
  ASSERT_TRUE(gateway->put("s", "a", 0, 50));
  ASSERT_TRUE(eventually([&] { return calls >= 6; }));
  gateway.reset();
  const std::size_t before = world.receiver->taken().size();
  EXPECT_EQ(before, 25u);
  world.receiver->set_answer(nullptr);
  gateway = std::make_unique<Gateway>(world, *image);
  ASSERT_TRUE(eventually([&] { return idle(); }));
  std::vector<std::string> taken = world.receiver->taken();
  const auto again = std::find(taken.begin() + static_cast<std::ptrdiff_t>(before), taken.end(), "a25");
  ASSERT_NE(again, taken.end());
  EXPECT_EQ(std::vector<std::string>(again, taken.end()), numbered("a", 25, 50));
  gateway.reset();  // before the disk it stands on
}

TEST_F(RecordLane, CopiesOfEverythingGoToTheBucketToo) {
  world.documents["d"] = to_receiver("s");
  auto& letters = std::get<dl::RecordDestination>(world.documents["d"].destination).dead_letters;
  letters.all_data = true;
  letters.objects.prefix = "copies/";
  letters.objects.buffering = {1, 0};
  world.documents["d"].processing.delimiter = "\n";
  gateway = std::make_unique<Gateway>(world, disk);
  gateway->make_stream("s");
  ASSERT_TRUE(gateway->create("d", "d"));
  ASSERT_TRUE(gateway->put("s", "a", 0, 30));
  ASSERT_TRUE(eventually([&] { return idle() && read_manifest(*world.bucket).all().size() >= 30; }));
  EXPECT_EQ(read_manifest(*world.bucket).all(), numbered("a", 0, 30));
  EXPECT_EQ(world.receiver->taken(), numbered("a", 0, 30));
}

}  // namespace
}  // namespace forebay::test
