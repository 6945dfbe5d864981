#include "gateway/stream/wait_loop.h"

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace forebay::gateway::stream {

boost::asio::execution_context::id WaitLoop::id;

WaitLoop& WaitLoop::of(const boost::asio::any_io_executor& executor) {
  return boost::asio::use_service<WaitLoop>(boost::asio::query(executor, boost::asio::execution::context));
}

bool WaitLoop::add(std::shared_ptr<Waiter> waiter, const std::shared_ptr<log::ShardView>& view, log::Offset from,
                   Milliseconds timeout) {
  Bell& bell = bells_[view.get()];
  if (!bell.view) bell.view = view;
  if (bell.waiters.size() >= kWaitersMax) return false;
  if ((bell.number == 0 || from < bell.lowest) && !hang(bell, from, waiter->timer.get_executor())) {
    if (bell.waiters.empty()) bells_.erase(view.get());
    return false;
  }
  waiter->view = view.get();
  waiter->timer.expires_after(timeout);
  waiter->timer.async_wait([this, waiter](boost::system::error_code) { give_up(waiter); });
  bell.waiters.push_back(std::move(waiter));
  bell.waiters.back()->place = std::prev(bell.waiters.end());
  return true;
}

/// Puts the bell into the view, instead of the one that waits for a later offset.
bool WaitLoop::hang(Bell& bell, log::Offset from, const boost::asio::any_io_executor& executor) {
  log::ShardView* const view = bell.view.get();
  const std::uint64_t number = view->when_past(from, [this, view, executor] { ring(view, executor); });
  if (number == 0) return false;
  if (bell.number != 0) view->forget_waiter(bell.number);
  bell.number = number;
  bell.lowest = from;
  return true;
}

/// Threads  any, the sequencer above all.
void WaitLoop::ring(log::ShardView* view, const boost::asio::any_io_executor& executor) {
  {
    const std::scoped_lock lock(mutex_);
    rung_.push_back(view);
    if (rung_.size() > 1) return;  // the post for the first one finds this one too
  }
  boost::asio::post(executor, [this] { answer(); });
}

void WaitLoop::answer() {
  std::vector<log::ShardView*> rung;
  {
    const std::scoped_lock lock(mutex_);
    rung.swap(rung_);
  }
  for (log::ShardView* view : rung) answer(view);
}

void WaitLoop::answer(log::ShardView* view) {
  const auto found = bells_.find(view);
  if (found == bells_.end()) return;  // everybody has given up meanwhile
  Bell bell = std::move(found->second);
  bells_.erase(found);
  view->forget_waiter(bell.number);  // there still, when this is an earlier bell's ring
  for (const auto& waiter : bell.waiters) waiter->view = nullptr;
  for (const auto& waiter : bell.waiters) {
    waiter->timer.cancel();
    waiter->resume.here();
  }
}

void WaitLoop::give_up(const std::shared_ptr<Waiter>& waiter) {
  log::ShardView* const view = std::exchange(waiter->view, nullptr);
  if (view == nullptr) return;
  const auto found = bells_.find(view);
  found->second.waiters.erase(waiter->place);
  if (found->second.waiters.empty()) {
    view->forget_waiter(found->second.number);
    bells_.erase(found);
  }
  waiter->resume.here();
}

/// The context ends: what waits is destroyed with its coroutines.
void WaitLoop::shutdown() {
  std::unordered_map<log::ShardView*, Bell> left;
  left.swap(bells_);
  for (auto& [view, bell] : left) {
    view->forget_waiter(bell.number);
    // A waiter is kept by its coroutine and keeps the rest of it: letting go of the list alone would free neither.
    for (const auto& waiter : bell.waiters) const Resume rest = std::move(waiter->resume);
  }
}

}  // namespace forebay::gateway::stream
