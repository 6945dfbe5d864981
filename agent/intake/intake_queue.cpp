#include "agent/intake/intake_queue.h"

namespace forebay::agent {
namespace {

/// Callbacks kept at once: one per source that found the queue full.
constexpr std::size_t kSpaceCallbacksMax = 1024;
/// Cost of a chunk beside its bytes: names, position, bookkeeping.
constexpr std::size_t kChunkOverheadBytes = 256;

}  // namespace

std::size_t IntakeQueue::cost(const spool::RecordChunk& chunk) {
  return chunk.size_bytes() + chunk.position.position.size() + kChunkOverheadBytes;
}

bool IntakeQueue::try_submit(spool::RecordChunk& chunk, std::function<void()> on_space) {
  const std::size_t bytes = cost(chunk);
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return false;
    if (!has_room(bytes)) {
      if (on_space && on_space_.size() < kSpaceCallbacksMax) on_space_.push_back(std::move(on_space));
      return false;
    }
    push(chunk, nullptr, bytes);
  }
  failpoints_.reach(Failpoint::chunk_queued);
  return true;
}

Result<void> IntakeQueue::submit_and_wait(spool::RecordChunk& chunk, Milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  const std::size_t bytes = cost(chunk);
  std::unique_lock lock(mutex_);
  const auto stopped = Error{Errc::cancelled, "the agent is stopping"};
  if (!changed_.wait_until(lock, deadline, [&] { return stopped_ || has_room(bytes); }))
    return Error{Errc::timed_out, "the intake stayed full"};
  if (stopped_) return stopped;
  auto waiter = std::make_shared<Waiter>();
  push(chunk, waiter, bytes);
  failpoints_.reach(Failpoint::chunk_queued);
  if (!changed_.wait_until(lock, deadline, [&] { return waiter->done; }))
    return Error{Errc::timed_out, "the spool did not commit in time"};
  return waiter->result;
}

void IntakeQueue::forget_source(std::string source) {
  const std::lock_guard lock(mutex_);
  if (stopped_) return;
  Item item;
  item.forget = std::move(source);
  item.is_forget = true;
  items_.push_back(std::move(item));
  if (items_.size() == 1) input_.notify_one();
}

void IntakeQueue::push(spool::RecordChunk& chunk, std::shared_ptr<Waiter> waiter, std::size_t bytes) {
  const bool was_empty = items_.empty();
  const bool was_enough = queued_ >= wanted_;
  const bool urgent = waiter != nullptr;
  Item item;
  item.chunk = std::move(chunk);
  item.waiter = std::move(waiter);
  item.bytes = bytes;
  items_.push_back(std::move(item));
  bytes_ += bytes;
  queued_ += bytes;
  if (urgent) ++urgent_;
  if (was_empty || urgent || (!was_enough && queued_ >= wanted_)) input_.notify_one();
}

bool IntakeQueue::take(const TakeLimits& limits, Group& group) {
  std::unique_lock lock(mutex_);
  wanted_ = limits.group_bytes_max;
  input_.wait(lock, [&] { return stopped_ || !items_.empty(); });
  const auto ready = [&] { return stopped_ || urgent_ > 0 || queued_ >= wanted_; };
  if (!ready()) input_.wait_for(lock, limits.collect, ready);
  if (items_.empty()) return false;
  fill(limits.group_bytes_max, group);
  return true;
}

void IntakeQueue::fill(std::size_t group_bytes_max, Group& group) {
  while (!items_.empty()) {
    Item& item = items_.front();
    if (item.is_forget) {
      group.forgotten.push_back(std::move(item.forget));
    } else {
      // A chunk behind a forgotten source may be of the same name again: it belongs to the next group.
      if (!group.forgotten.empty()) return;
      if (!group.chunks.empty() && group.bytes + item.bytes > group_bytes_max) return;
      group.bytes += item.bytes;
      queued_ -= item.bytes;
      group.chunks.push_back(std::move(item.chunk));
      if (item.waiter) {
        group.waiters.push_back(std::move(item.waiter));
        --urgent_;
      }
    }
    items_.pop_front();
  }
}

void IntakeQueue::finish(Group& group, const Result<void>& result) {
  std::vector<std::function<void()>> callbacks;
  {
    const std::lock_guard lock(mutex_);
    bytes_ -= group.bytes;
    for (const auto& waiter : group.waiters) {
      waiter->done = true;
      waiter->result = result;
    }
    callbacks.swap(on_space_);
  }
  changed_.notify_all();
  group = Group();
  for (auto& callback : callbacks) run_later_(std::move(callback));
}

void IntakeQueue::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    on_space_.clear();
  }
  input_.notify_all();
  changed_.notify_all();
}

std::size_t IntakeQueue::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace forebay::agent
