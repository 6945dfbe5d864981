#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>
#include <unordered_set>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/log.h"
#include "gateway/http/body_budget.h"
#include "gateway/http/buffer_pool.h"
#include "gateway/http/date_header.h"
#include "gateway/http/http_metrics.h"
#include "gateway/http/http_options.h"
#include "gateway/http/request_ids.h"

namespace forebay::gateway::http {

class Session;

/// What all event loops of the program share.
struct LoopServices {
  const Clock& clock;
  Entropy& entropy;
  BodyBudget& budget;
  HttpMetrics& metrics;
  const HttpOptions& options;
  Logger logger;
};

/// One Asio loop with its thread, and what its sessions share: buffers, ids, the date and the sweep that enforces
/// deadlines. Sessions set a point in time instead of starting timers; one timer per loop looks at all of them.
/// Threads  loop thread, except where a member says any.
class EventLoop {
 public:
  EventLoop(LoopServices services, int number);
  ~EventLoop();

  /// Starts the thread. stop() ends it after cutting what is left; both are called by the owner.
  void start();
  void stop();

  [[nodiscard]] boost::asio::io_context& context() { return context_; }
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] const HttpOptions& options() const { return services_.options; }
  [[nodiscard]] const Clock& clock() const { return services_.clock; }
  [[nodiscard]] HttpMetrics& metrics() { return services_.metrics; }
  [[nodiscard]] BodyBudget& budget() { return services_.budget; }
  [[nodiscard]] const Logger& logger() const { return services_.logger; }
  [[nodiscard]] BufferPool& buffers() { return buffers_; }
  [[nodiscard]] TextPool& texts() { return texts_; }
  [[nodiscard]] DateHeader& date() { return date_; }
  [[nodiscard]] RequestIds& request_ids() { return request_ids_; }
  /// Threads  any. Counts rise once a second while the loop turns: proof of progress for the watchdog.
  [[nodiscard]] std::uint64_t turns() const { return turns_.load(std::memory_order_relaxed); }
  /// Asks the loop to raise turns(). Threads  any.
  void touch();

  /// Connections given to this loop. Threads  any.
  [[nodiscard]] std::size_t connections() const { return connections_.load(std::memory_order_relaxed); }
  void count_connection(int by) { connections_.fetch_add(static_cast<std::size_t>(by), std::memory_order_relaxed); }

  void add(Session& session);
  void remove(Session& session);
  /// `by` goes on with the connection of `old`, which is not removed any more.
  void replace(Session& old, Session& by);
  /// Makes sessions end: idle ones at once, busy ones after their answer. Threads  any.
  void drain();
  /// Cuts every session that drain() concerns. Threads  any.
  void cut_all();
  [[nodiscard]] bool draining() const { return draining_; }

 private:
  void schedule_sweep();
  void sweep();
  void evict_slowest();

  LoopServices services_;
  int number_;
  BufferPool buffers_;
  TextPool texts_;
  DateHeader date_;
  RequestIds request_ids_;
  std::unordered_set<Session*> sessions_;
  bool sweeping_ = false;
  bool draining_ = false;
  SteadyTime starved_since_{};
  std::atomic<std::size_t> connections_{0};
  std::atomic<std::uint64_t> turns_{0};
  // After everything its sessions touch when they are destroyed with it.
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer timer_;
  std::thread thread_;
};

}  // namespace forebay::gateway::http
