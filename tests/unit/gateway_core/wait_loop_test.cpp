// Waiting for records: one waiter per loop and shard in the view, all of them woken in order, none left behind.
#include "gateway/stream/wait_loop.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace forebay::gateway::stream {
namespace {

using log::Offset;
using log::ShardView;

class Waits : public ::testing::Test {
 protected:
  /// Lets a coroutine wait on the shard; its number is noted when it goes on.
  void wait(int number, Offset from, Milliseconds timeout = Milliseconds(60'000)) {
    boost::asio::co_spawn(context_, waiting(number, from, timeout), boost::asio::detached);
    poll();
  }
  Task<void> waiting(int number, Offset from, Milliseconds timeout) {
    auto waiter = std::make_shared<WaitLoop::Waiter>(context_.get_executor());
    bool taken = false;
    auto start = [&](Resume resume) {
      waiter->resume = std::move(resume);
      taken = WaitLoop::of(context_.get_executor()).add(waiter, view_, from, timeout);
      if (!taken) waiter->resume();
    };
    const std::shared_ptr<int> frame = frames_;
    co_await suspend(start);
    woken_.push_back(taken ? number : -number);
  }
  void poll() {
    context_.restart();
    context_.poll();
  }
  void publish(std::int64_t end) {
    view_->publish(Offset(end), WallTime());
    poll();
  }

  std::shared_ptr<ShardView> view_ =
      std::make_shared<ShardView>(log::ShardId(), WallTime(), std::make_shared<log::TailBudget>(1));
  std::vector<int> woken_;
  std::shared_ptr<int> frames_ = std::make_shared<int>();  ///< as many users as coroutines live, and this
  boost::asio::io_context context_{1};
};

TEST_F(Waits, AllGoOnInTheOrderInWhichTheyCame) {
  for (int i = 1; i <= 1000; ++i) wait(i, Offset(0));
  EXPECT_TRUE(woken_.empty());
  publish(1);
  ASSERT_EQ(woken_.size(), 1000u);
  EXPECT_TRUE(std::is_sorted(woken_.begin(), woken_.end()));
}

TEST_F(Waits, AnEarlierOffsetIsWokenThoughALaterOneWaitsAlready) {
  view_->restore(Offset(0), Offset(5), WallTime());
  wait(1, Offset(9));
  wait(2, Offset(5));
  publish(6);
  EXPECT_NE(std::find(woken_.begin(), woken_.end(), 2), woken_.end());
}

TEST_F(Waits, TimeoutsLeaveTheOthersWaiting) {
  wait(1, Offset(0), Milliseconds(1));
  wait(2, Offset(0));
  context_.restart();
  context_.run_one();
  EXPECT_EQ(woken_, std::vector<int>({1}));
  publish(1);
  EXPECT_EQ(woken_, std::vector<int>({1, 2}));
}

TEST_F(Waits, AShardThatIsClosedWakesEverybody) {
  wait(1, Offset(0));
  wait(2, Offset(7));
  view_->release_waiters();
  poll();
  EXPECT_EQ(woken_, std::vector<int>({1, 2}));
}

TEST_F(Waits, WaitingAgainAtOnceFindsTheNextRecord) {
  wait(1, Offset(0));
  publish(1);
  wait(2, Offset(1));
  wait(3, Offset(0));  // passed already: goes on at the next turn
  poll();
  EXPECT_NE(std::find(woken_.begin(), woken_.end(), 3), woken_.end());
  publish(2);
  EXPECT_NE(std::find(woken_.begin(), woken_.end(), 2), woken_.end());
}

TEST_F(Waits, MoreThanTheMostAreRefused) {
  for (int i = 1; i <= static_cast<int>(WaitLoop::kWaitersMax); ++i)
    boost::asio::co_spawn(context_, waiting(i, Offset(0), Milliseconds(60'000)), boost::asio::detached);
  poll();
  wait(77'777, Offset(0));
  EXPECT_EQ(woken_, std::vector<int>({-77'777}));
}

TEST(WaitLoop, ContextThatEndsTakesItsWaitersWithItAndTheShardMayGoOn) {
  auto view = std::make_shared<ShardView>(log::ShardId(), WallTime(), std::make_shared<log::TailBudget>(1));
  auto frames = std::make_shared<int>();
  {
    boost::asio::io_context context(1);
    auto waiting = [](boost::asio::io_context& loop, std::shared_ptr<ShardView> shard,
                      std::shared_ptr<int> frame) -> Task<void> {
      const std::shared_ptr<int> kept = std::move(frame);
      auto waiter = std::make_shared<WaitLoop::Waiter>(loop.get_executor());
      auto start = [&](Resume resume) {
        waiter->resume = std::move(resume);
        WaitLoop::of(loop.get_executor()).add(waiter, shard, Offset(0), Milliseconds(60'000));
      };
      co_await suspend(start);
    };
    boost::asio::co_spawn(context, waiting(context, view, frames), boost::asio::detached);
    context.poll();
    EXPECT_GT(frames.use_count(), 1);
  }
  EXPECT_EQ(frames.use_count(), 1);
  view->publish(Offset(1), WallTime());
}

}  // namespace
}  // namespace forebay::gateway::stream
