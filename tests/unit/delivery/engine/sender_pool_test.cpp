// Threads for senders: shares, their order, and threads only as they are needed.
#include "gateway/delivery/engine/sender_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <latch>
#include <set>

namespace forebay::gateway::delivery {
namespace {

using SharePtr = SenderPool::SharePtr;

template <class Call>
Task<void> one(SenderPool& pool, SharePtr share, Call call) {
  co_await pool.run(share, call);
}

struct SenderPoolTest : ::testing::Test {
  template <class Call>
  void begin(SenderPool& pool, const SharePtr& share, Call call) {
    boost::asio::co_spawn(loop, one(pool, share, std::move(call)), boost::asio::detached);
  }
  boost::asio::io_context loop{1};
};

TEST_F(SenderPoolTest, AShareRunsSoManyAtOnceInTheOrderTheyCame) {
  SenderPool pool(8);
  const auto share = std::make_shared<SenderPool::Share>(1);
  std::vector<int> order;  // one at a time: needs no lock
  for (int i = 0; i < 20; ++i) begin(pool, share, [&order, i] { order.push_back(i); });
  loop.run();
  ASSERT_EQ(order.size(), 20u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST_F(SenderPoolTest, AFullShareDoesNotHoldUpAnother) {
  SenderPool pool(3);
  const auto slow = std::make_shared<SenderPool::Share>(2);
  const auto fast = std::make_shared<SenderPool::Share>(2);
  std::latch released(1);
  std::atomic<int> slow_done = 0;
  for (int i = 0; i < 10; ++i)
    begin(pool, slow, [&] {
      released.wait();
      ++slow_done;
    });
  std::atomic<int> fast_done = 0;
  for (int i = 0; i < 10; ++i)
    begin(pool, fast, [&] {
      if (++fast_done == 10) {
        EXPECT_EQ(slow_done, 0);
        released.count_down();
      }
    });
  loop.run();
  EXPECT_EQ(slow_done, 10);
  EXPECT_EQ(fast_done, 10);
}

TEST_F(SenderPoolTest, CallsOfOneShareRunAtTheSameTime) {
  SenderPool pool(4);
  const auto share = std::make_shared<SenderPool::Share>(4);
  std::latch all(4);
  for (int i = 0; i < 4; ++i) begin(pool, share, [&] { all.arrive_and_wait(); });
  loop.run();
}

TEST_F(SenderPoolTest, ThreadsAreBoundedAndUsedAgain) {
  SenderPool pool(2);
  std::mutex mutex;
  std::set<std::thread::id> threads;
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 6; ++i)
      begin(pool, std::make_shared<SenderPool::Share>(6), [&] {
        const std::scoped_lock lock(mutex);
        threads.insert(std::this_thread::get_id());
      });
    loop.run();
    loop.restart();
  }
  EXPECT_LE(threads.size(), 2u);
  EXPECT_GE(threads.size(), 1u);
}

}  // namespace
}  // namespace forebay::gateway::delivery
