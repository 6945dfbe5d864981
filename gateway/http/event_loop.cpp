#include "gateway/http/event_loop.h"

#include <boost/asio/post.hpp>

#include "gateway/http/session.h"

namespace forebay::gateway::http {

namespace {
constexpr std::size_t kPooledBytesMax = 24u << 20;
}

EventLoop::EventLoop(LoopServices services, int number)
    : services_(services),
      number_(number),
      buffers_(kPooledBytesMax),
      texts_(kPooledBytesMax),
      date_(services.clock),
      request_ids_(services.entropy),
      work_(context_.get_executor()),
      timer_(context_) {}

EventLoop::~EventLoop() { stop(); }

void EventLoop::start() {
  thread_ = std::thread([this] { context_.run(); });
}

void EventLoop::stop() {
  context_.stop();
  if (thread_.joinable()) thread_.join();
}

void EventLoop::touch() {
  boost::asio::post(context_, [this] { turns_.fetch_add(1, std::memory_order_relaxed); });
}

void EventLoop::add(Session& session) {
  sessions_.insert(&session);
  if (draining_ && session.drains) return session.drain();
  if (!sweeping_) schedule_sweep();
}

void EventLoop::remove(Session& session) {
  sessions_.erase(&session);
  count_connection(-1);
  if (session.drains) services_.metrics.connections.add(-1);
  if (!sessions_.empty()) return;
  buffers_.clear();
  texts_.clear();
}

void EventLoop::replace(Session& old, Session& by) {
  sessions_.erase(&old);
  sessions_.insert(&by);
}

void EventLoop::drain() {
  boost::asio::post(context_, [this] {
    draining_ = true;
    for (Session* session : sessions_)
      if (session->drains) session->drain();
  });
}

void EventLoop::cut_all() {
  boost::asio::post(context_, [this] {
    for (Session* session : sessions_)
      if (session->drains) session->cut();
  });
}

void EventLoop::schedule_sweep() {
  sweeping_ = true;
  timer_.expires_after(services_.options.sweep_interval);
  timer_.async_wait([this](const boost::system::error_code& error) {
    sweeping_ = false;
    if (error) return;
    sweep();
    if (!sessions_.empty() && !sweeping_) schedule_sweep();
  });
}

void EventLoop::sweep() {
  const SteadyTime now = services_.clock.steady_now();
  bool starving = false;
  for (Session* session : sessions_) {
    if (session->waits_for_memory) starving = true;
    if (session->deadline > now) continue;
    if (session->expire(now)) services_.metrics.cut.add();
  }
  if (!starving) {
    starved_since_ = SteadyTime{};
  } else if (starved_since_ == SteadyTime{}) {
    starved_since_ = now;
  } else if (now - starved_since_ >= services_.options.memory_patience) {
    evict_slowest();
  }
}

void EventLoop::evict_slowest() {
  const SteadyTime now = services_.clock.steady_now();
  Session* slowest = nullptr;
  double slowest_rate = 0;
  for (Session* session : sessions_) {
    if (session->phase != Session::Phase::body) continue;
    const double seconds = std::chrono::duration<double>(now - session->body_started).count() + 0.001;
    const double rate = static_cast<double>(session->body_received) / seconds;
    // A session that waits for memory is slow through no fault of its client: it goes only when all of them wait.
    const bool worse = slowest && (session->waits_for_memory != slowest->waits_for_memory ? !session->waits_for_memory
                                                                                          : rate < slowest_rate);
    if (slowest && !worse) continue;
    slowest = session;
    slowest_rate = rate;
  }
  if (!slowest) return;
  services_.metrics.evicted.add();
  services_.logger.warning("connection cut: request bodies used up their memory",
                           {{"received_bytes", slowest->body_received}});
  slowest->evict();
}

}  // namespace forebay::gateway::http
