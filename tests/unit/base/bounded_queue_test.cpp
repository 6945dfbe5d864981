// Order, bounds, waking and closing of what stands between threads.
#include "base/bounded_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <thread>

#include "base/blocking_pool.h"

namespace forebay {
namespace {

TEST(BoundedQueue, KeepsOrderAndItsBound) {
  BoundedQueue<std::unique_ptr<int>> queue(2);
  EXPECT_TRUE(queue.try_push(std::make_unique<int>(1)));
  EXPECT_TRUE(queue.try_push(std::make_unique<int>(2)));
  auto third = std::make_unique<int>(3);
  EXPECT_FALSE(queue.try_push(std::move(third)));
  ASSERT_NE(third, nullptr);
  EXPECT_EQ(**queue.pop(), 1);
  EXPECT_TRUE(queue.try_push(std::move(third)));
  EXPECT_EQ(**queue.try_pop(), 2);
  EXPECT_EQ(**queue.pop_for(Milliseconds(1000)), 3);
  EXPECT_FALSE(queue.try_pop().has_value());
  EXPECT_FALSE(queue.pop_for(Milliseconds(1)).has_value());
}

TEST(BoundedQueue, CloseWakesWaitersAndDrains) {
  BoundedQueue<int> queue(1);
  ASSERT_TRUE(queue.push(1));
  auto pusher = std::async(std::launch::async, [&] { return queue.push(2); });
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_TRUE(pusher.get());
  BoundedQueue<int> empty(1);
  auto popper = std::async(std::launch::async, [&] { return empty.pop(); });
  empty.close();
  EXPECT_FALSE(popper.get().has_value());
  queue.close();
  EXPECT_FALSE(queue.push(3));
  EXPECT_EQ(queue.pop(), 2);
  EXPECT_FALSE(queue.pop().has_value());
}

TEST(BoundedQueue, ManyProducersLoseNothing) {
  BoundedQueue<int> queue(7);
  std::vector<std::thread> producers;
  for (int t = 0; t < 4; ++t)
    producers.emplace_back([&] {
      for (int i = 0; i < 5000; ++i) (void)queue.push(int{i});
    });
  std::int64_t sum = 0;
  for (int i = 0; i < 20'000; ++i) sum += *queue.pop();
  for (std::thread& producer : producers) producer.join();
  EXPECT_EQ(sum, 4LL * 4999 * 5000 / 2);
  EXPECT_EQ(queue.size(), 0u);
}

TEST(BlockingPool, RunsWhatItTookAndRefusesMoreThanItHolds) {
  BlockingPool pool(1, 1);
  std::promise<void> started;
  std::promise<void> go;
  std::atomic<int> ran = 0;
  ASSERT_TRUE(pool.submit([&] {
                    started.set_value();
                    go.get_future().wait();
                    ++ran;
                  })
                  .ok());
  started.get_future().wait();
  ASSERT_TRUE(pool.submit([&, only_moves = std::make_unique<int>(1)] { ran += *only_moves; }).ok());
  EXPECT_EQ(pool.submit([&] { ++ran; }).error().code, Errc::unavailable);
  go.set_value();
  pool.close();
  EXPECT_EQ(ran, 2);
  EXPECT_EQ(pool.submit([&] { ++ran; }).error().code, Errc::cancelled);
}

}  // namespace
}  // namespace forebay
