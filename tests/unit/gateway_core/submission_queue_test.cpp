#include "gateway/log/submission_queue.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace forebay::gateway::log {
namespace {

using namespace std::chrono_literals;

struct Nobody final : SubmissionOwner {
  void completed(std::vector<SubmissionPtr>) override {}
};

class SubmissionQueueTest : public testing::Test {
 protected:
  void push(SubmissionOwner& owner) {
    auto submission = std::make_unique<Submission>(PutWork{}, owner);
    ASSERT_TRUE(queue_.push(submission));
  }
  /// Both owners have taken part lately.
  void meet() {
    push(first_);
    push(second_);
    ASSERT_EQ(queue_.take(true, true).submissions.size(), 2u);
  }

  Nobody first_;
  Nobody second_;
  SubmissionQueue queue_{1 << 20};
};

TEST_F(SubmissionQueueTest, PatienceEndsWhenTheOtherOwnerIsThere) {
  meet();
  push(first_);
  std::promise<void> begun;
  auto taken = std::async(std::launch::async, [&] {
    begun.set_value();
    return queue_.take(true, true, 60s).submissions.size();
  });
  begun.get_future().wait();
  push(second_);
  EXPECT_EQ(taken.get(), 2u);
}

TEST_F(SubmissionQueueTest, PatienceIsOverWhenTheOtherOwnerDoesNotCome) {
  meet();
  push(first_);
  EXPECT_EQ(queue_.take(true, true, 1ms).submissions.size(), 1u);
}

TEST_F(SubmissionQueueTest, OwnerThatStayedAwayTwiceIsNotWaitedFor) {
  meet();
  for (int i = 0; i < 2; ++i) {
    push(first_);
    ASSERT_EQ(queue_.take(true, true, 1ms).submissions.size(), 1u);
  }
  push(first_);
  EXPECT_EQ(queue_.take(true, true, 10min).submissions.size(), 1u);  // hangs when it is
}

TEST_F(SubmissionQueueTest, TaskAndWakeUpEndThePatience) {
  meet();
  push(first_);
  queue_.push_task([] {});
  EXPECT_EQ(queue_.take(true, true, 10min).tasks.size(), 1u);
  push(first_);
  queue_.wake();
  EXPECT_EQ(queue_.take(true, true, 10min).submissions.size(), 1u);
}

TEST_F(SubmissionQueueTest, NothingIsTakenFromAFullQueueButWhatCameBack) {
  SubmissionQueue small(600);
  auto one = std::make_unique<Submission>(PutWork{}, first_);
  auto two = std::make_unique<Submission>(PutWork{}, first_);
  ASSERT_TRUE(small.push(one));
  EXPECT_FALSE(small.push(two));
  ASSERT_NE(two, nullptr);
  two->taken_before = true;
  EXPECT_TRUE(small.push(two));
}

}  // namespace
}  // namespace forebay::gateway::log
