#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "gateway/log/published.h"
#include "gateway/log/segment_info.h"
#include "gateway/log/tail_run.h"

namespace forebay::gateway::log {

/// What readers see of one shard: the segment list, the newest batches in memory, and the durable end. The one structure
/// that is read across threads: batches and rows appear by a release-stored count, lists by replacing a pointer.
/// A reader takes runs() before segments(): a batch leaves the runs only after its segment shows it.
/// Threads  append(), publish(): sequencer (recovery before it starts). Segment changes: segment thread. The rest: any.
class ShardView {
 public:
  using SegmentPtr = std::shared_ptr<SegmentInfo>;
  using RunPtr = std::shared_ptr<TailRun>;
  using Segments = std::vector<SegmentPtr>;  ///< by base offset
  using Runs = std::vector<RunPtr>;          ///< by base offset

  ShardView(ShardId id, WallTime created, std::shared_ptr<TailBudget> budget);

  [[nodiscard]] ShardId id() const { return id_; }
  /// When the shard began to take records.
  [[nodiscard]] WallTime created() const { return created_; }
  /// First readable offset / one past the last durable one.
  [[nodiscard]] Offset start() const { return Offset(start_.load(std::memory_order_acquire)); }
  [[nodiscard]] Offset end() const { return Offset(end_.load(std::memory_order_acquire)); }
  [[nodiscard]] WallTime last_arrival() const { return from_millis(last_arrival_ms_.load(std::memory_order_relaxed)); }
  /// Bytes of batches appended since this process began.
  [[nodiscard]] std::uint64_t appended_bytes() const { return appended_bytes_.load(std::memory_order_relaxed); }
  /// Nothing at or above it expires: somebody has yet to deliver it. No hold: larger than every offset.
  [[nodiscard]] Offset hold() const { return Offset(hold_.load(std::memory_order_acquire)); }
  void set_hold(Offset first_kept) { hold_.store(first_kept.value(), std::memory_order_release); }
  [[nodiscard]] bool is_removed() const { return removed_.load(std::memory_order_relaxed); }

  [[nodiscard]] std::shared_ptr<const Runs> runs() const { return runs_.get(); }
  [[nodiscard]] std::shared_ptr<const Segments> segments() const { return segments_.get(); }

  /// Adds a durable batch to the tail. Readers see it once publish() has raised the end.
  /// Result  true: the shard had nothing unwritten before, so the segment thread must hear of it.
  bool append(TailBatch batch, SteadyTime now);
  /// Raises the durable end and wakes those who wait.
  void publish(Offset end, WallTime last_arrival);
  void set_removed() { removed_.store(true, std::memory_order_relaxed); }
  /// Sets where a recovered shard stands.
  void restore(Offset start, Offset end, WallTime last_arrival);

  void add_segment(SegmentPtr segment);
  /// Moves the start; it never goes back.
  void raise_start(Offset start);
  /// Takes segments that end at or before `start` off the list and returns them.
  Segments drop_segments_before(Offset start);
  /// Takes sealed runs whose batches all lie before `written` off the list.
  void drop_runs_before(Offset written);
  /// The segment thread has taken note of what is there; the next append reports again.
  void clear_dirty() { dirty_.store(false, std::memory_order_release); }

  /// Calls `wake` once, on the sequencer, after the end has passed `offset`; at once when it has already, or when the
  /// stream is removed. Result  a number for forget_waiter(); 0: too many wait on this shard.
  std::uint64_t when_past(Offset offset, std::function<void()> wake);
  /// Drops a waiter that was not called yet.
  void forget_waiter(std::uint64_t number);
  /// Wakes those whose offset has passed, and everybody once the stream is removed.
  void wake_all();
  /// Wakes everybody who waits now: no record will come any more (the shard was closed).
  void release_waiters();

 private:
  static constexpr std::size_t kWaitersMax = 10'000;

  const ShardId id_;
  const WallTime created_;
  std::shared_ptr<TailBudget> budget_;
  std::atomic<std::int64_t> start_{0};
  std::atomic<std::int64_t> end_{0};
  std::atomic<std::int64_t> hold_{INT64_MAX};
  std::atomic<std::int64_t> last_arrival_ms_;
  std::atomic<std::uint64_t> appended_bytes_{0};  ///< one thread raises it
  std::atomic<bool> removed_{false};
  std::atomic<bool> dirty_{false};
  std::weak_ptr<TailRun> open_run_;  ///< appending thread only; the list owns it, so a written run frees its memory
  Published<Runs> runs_;
  Published<Segments> segments_;

  std::atomic<bool> has_waiters_{false};
  std::mutex waiters_mutex_;
  struct Waiter {
    std::uint64_t number = 0;
    Offset offset;
    std::function<void()> wake;
  };
  std::vector<Waiter> waiters_;
  std::uint64_t last_waiter_ = 0;
};

}  // namespace forebay::gateway::log
