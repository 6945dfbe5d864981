#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <thread>

#include "agent/failpoint.h"
#include "agent/health/progress.h"
#include "agent/intake/intake_queue.h"
#include "base/log.h"
#include "spool/spool.h"

namespace forebay::agent {

/// The spool thread: takes what queued in the intake, makes it durable with one sync, then wakes those who wait.
/// Lifecycle  start(); intake.stop() and join() end it after everything queued is durable.
/// Threads    start, join: owner. space_freed: any.
class Spooler {
 public:
  struct Options {
    std::size_t group_bytes_max = 1u << 20;
    Milliseconds collect{100};          ///< 10 syncs a second at a steady small rate
    Milliseconds blocked_retry{1'000};  ///< policy block: also looks by itself this often
  };
  struct Events {
    /// Chunks became durable. Runs on the spool thread.
    std::function<void(std::span<const spool::RecordChunk>)> appended;
    /// The spool failed: nothing more is accepted, the process must end.
    std::function<void(const Error&)> failed;
    /// The intake was stopped and everything queued is durable. The spool thread's last call.
    std::function<void()> ended = {};
  };

  Spooler(IntakeQueue& intake, spool::Spool& spool, Clock& clock, Logger logger, Failpoints& failpoints,
          const Options& options, Events events);
  ~Spooler();

  void start();
  /// Waits until the thread has ended; intake.stop() comes before.
  void join();
  /// The uploader freed space: a blocked append is tried at once.
  void space_freed();
  /// Gives up a blocked append, so that join() returns: its records were never accepted.
  void give_up();

  [[nodiscard]] const Progress& progress() const { return progress_; }
  [[nodiscard]] bool blocked() const { return blocked_.load(std::memory_order_relaxed); }

 private:
  void run();
  Result<void> append(std::span<const spool::RecordChunk> chunks);
  bool wait_for_space();
  void refuse_the_rest(const Result<void>& result);

  IntakeQueue& intake_;
  spool::Spool& spool_;
  Logger logger_;
  Failpoints& failpoints_;
  const Options options_;
  const Events events_;
  Progress progress_;
  std::atomic<bool> blocked_{false};

  std::mutex mutex_;
  std::condition_variable space_;
  bool freed_ = false;
  bool giving_up_ = false;
  std::thread thread_;
};

}  // namespace forebay::agent
