#include "gateway/log/shard_view.h"

#include <algorithm>

namespace forebay::gateway::log {

ShardView::ShardView(ShardId id, WallTime created, std::shared_ptr<TailBudget> budget)
    : id_(id), created_(created), budget_(std::move(budget)), last_arrival_ms_(to_millis(created)) {}

bool ShardView::append(TailBatch batch, SteadyTime now) {
  appended_bytes_.store(appended_bytes() + batch.row.length, std::memory_order_relaxed);
  if (const RunPtr open = open_run_.lock(); !open || !open->append(batch)) {
    auto fresh = std::make_shared<TailRun>(budget_, now);
    const bool taken = fresh->append(batch);
    FB_ASSERT(taken);
    open_run_ = fresh;
    runs_.update([&](Runs& runs) { runs.push_back(std::move(fresh)); });
  }
  return !dirty_.exchange(true, std::memory_order_acq_rel);
}

void ShardView::publish(Offset end, WallTime last_arrival) {
  last_arrival_ms_.store(to_millis(last_arrival), std::memory_order_relaxed);
  end_.store(end.value(), std::memory_order_seq_cst);
  if (has_waiters_.load(std::memory_order_seq_cst)) wake_all();
}

void ShardView::restore(Offset start, Offset end, WallTime last_arrival) {
  start_.store(start.value());
  end_.store(end.value());
  last_arrival_ms_.store(to_millis(last_arrival));
}

void ShardView::add_segment(SegmentPtr segment) {
  segments_.update([&](Segments& segments) { segments.push_back(std::move(segment)); });
}

void ShardView::raise_start(Offset start) {
  if (start > this->start()) start_.store(start.value(), std::memory_order_release);
}

ShardView::Segments ShardView::drop_segments_before(Offset start) {
  Segments dropped;
  segments_.update([&](Segments& segments) {
    const auto keep = std::find_if(segments.begin(), segments.end(), [&](const SegmentPtr& segment) {
      return !segment->closed.load() || segment->extent().end > start;
    });
    dropped.assign(segments.begin(), keep);
    segments.erase(segments.begin(), keep);
  });
  return dropped;
}

void ShardView::drop_runs_before(Offset written) {
  runs_.update([&](Runs& runs) {
    const auto keep = std::find_if(runs.begin(), runs.end(), [&](const RunPtr& run) {
      if (!run->is_sealed()) return true;
      const std::uint32_t count = run->count();
      return count > 0 && (*run)[count - 1].row.end() > written;
    });
    runs.erase(runs.begin(), keep);
  });
}

std::uint64_t ShardView::when_past(Offset offset, std::function<void()> wake) {
  std::uint64_t number = 0;
  {
    const std::scoped_lock lock(waiters_mutex_);
    if (waiters_.size() >= kWaitersMax) return 0;
    number = ++last_waiter_;
    waiters_.push_back({number, offset, std::move(wake)});
    has_waiters_.store(true, std::memory_order_seq_cst);
  }
  // The end may have moved between the caller's look and the store above.
  if (end() > offset || is_removed()) wake_all();
  return number;
}

void ShardView::forget_waiter(std::uint64_t number) {
  const std::scoped_lock lock(waiters_mutex_);
  std::erase_if(waiters_, [&](const Waiter& waiter) { return waiter.number == number; });
}

void ShardView::wake_all() {
  std::vector<std::function<void()>> ready;
  {
    const std::scoped_lock lock(waiters_mutex_);
    const Offset end = this->end();
    std::erase_if(waiters_, [&](auto& waiter) {
      if (waiter.offset >= end && !is_removed()) return false;
      ready.push_back(std::move(waiter.wake));
      return true;
    });
    has_waiters_.store(!waiters_.empty(), std::memory_order_seq_cst);
  }
  for (const auto& wake : ready) wake();
}

void ShardView::release_waiters() {
  std::vector<Waiter> released;
  {
    const std::scoped_lock lock(waiters_mutex_);
    released.swap(waiters_);
    has_waiters_.store(false, std::memory_order_seq_cst);
  }
  for (const Waiter& waiter : released) waiter.wake();
}

}  // namespace forebay::gateway::log
