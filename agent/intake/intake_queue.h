#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "agent/failpoint.h"
#include "agent/intake/intake.h"

namespace forebay::agent {

/// The intake: a queue bounded in bytes between all sources and the spool thread.
/// In the data path: source -> IntakeQueue -> Spooler -> spool.
/// Bytes count from hand-over until the group that holds them is finished, so that memory is bounded by `bytes_max`
/// plus one chunk.
/// Threads  try_submit, submit_and_wait, forget_source: any. take, finish: the spool thread. stop: any.
class IntakeQueue final : public Intake {
 public:
  /// Runs a callback on the thread the sources live on.
  using RunLater = std::function<void(std::function<void()>)>;

  IntakeQueue(std::size_t bytes_max, RunLater run_later, Failpoints& failpoints)
      : bytes_max_(bytes_max), run_later_(std::move(run_later)), failpoints_(failpoints) {}

  bool try_submit(spool::RecordChunk& chunk, std::function<void()> on_space) override;
  Result<void> submit_and_wait(spool::RecordChunk& chunk, Milliseconds timeout) override;
  void forget_source(std::string source) override;

  /// Somebody waiting for its chunk to be durable.
  struct Waiter {
    bool done = false;
    Result<void> result;
  };
  /// What one commit will hold, in order of hand-over; `forgotten` sources follow the chunks.
  struct Group {
    std::vector<spool::RecordChunk> chunks;
    std::vector<std::string> forgotten;
    std::vector<std::shared_ptr<Waiter>> waiters;
    std::size_t bytes = 0;
  };
  struct TakeLimits {
    std::size_t group_bytes_max = 1u << 20;  ///< a larger chunk goes alone
    Milliseconds collect{100};               ///< how long the first chunk waits for company when nobody waits for it
  };
  /// Waits for input, then for company, and moves out the next group. False: stopped and nothing left.
  bool take(const TakeLimits& limits, Group& group);
  /// Ends a group: wakes its waiters with `result`, gives its bytes free, tells givers that there is room.
  void finish(Group& group, const Result<void>& result);

  /// Takes nothing more; what queued is still handed out by take().
  void stop();
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Item {
    spool::RecordChunk chunk;
    std::shared_ptr<Waiter> waiter;
    std::string forget;
    bool is_forget = false;
    std::size_t bytes = 0;
  };
  static std::size_t cost(const spool::RecordChunk& chunk);
  [[nodiscard]] bool has_room(std::size_t bytes) const { return bytes_ == 0 || bytes_ + bytes <= bytes_max_; }
  void push(spool::RecordChunk& chunk, std::shared_ptr<Waiter> waiter, std::size_t bytes);
  void fill(std::size_t group_bytes_max, Group& group);

  const std::size_t bytes_max_;
  const RunLater run_later_;
  Failpoints& failpoints_;

  mutable std::mutex mutex_;
  std::condition_variable input_;    ///< spool thread: something to take
  std::condition_variable changed_;  ///< givers: room, or a finished group
  std::deque<Item> items_;
  std::vector<std::function<void()>> on_space_;
  std::size_t bytes_ = 0;   ///< queued and being committed
  std::size_t queued_ = 0;  ///< queued only
  std::size_t wanted_ = 1u << 20;  ///< queued bytes that end the collecting
  std::size_t urgent_ = 0;  ///< queued items somebody waits for
  bool stopped_ = false;
};

}  // namespace forebay::agent
