#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/units.h"
#include "gateway/log/shard_view.h"
#include "gateway/stream/resume.h"

namespace forebay::gateway::stream {

/// Waiting side of one event loop: all who wait here for records of one shard are a single waiter to its view, so a
/// commit costs the sequencer one call per shard and at most one post per loop, however many wait. They go on in the
/// order in which they came.
/// Lifecycle  a service of the loop's context, so that coroutines that still wait end with it.
/// Threads    the event loop, but for of() and ring(). The loop is run by one thread.
class WaitLoop final : public boost::asio::execution_context::service {
 public:
  using key_type = WaitLoop;
  static boost::asio::execution_context::id id;  ///< how Asio finds a service; holds nothing

  /// Waiters of one loop for one shard at the same time.
  static constexpr std::size_t kWaitersMax = 10'000;

  explicit WaitLoop(boost::asio::execution_context& context) : service(context) {}
  /// That of the loop which runs the executor.
  static WaitLoop& of(const boost::asio::any_io_executor& executor);

  /// One wait. Shared with its timer, whose last word may come after the wait.
  struct Waiter {
    explicit Waiter(const boost::asio::any_io_executor& executor) : timer(executor) {}
    Resume resume;
    boost::asio::steady_timer timer;
    log::ShardView* view = nullptr;  ///< null: the wait is over
    std::list<std::shared_ptr<Waiter>>::iterator place;
  };

  /// Resumes the waiter once the view's end has passed `from`, when nothing more will come, or after `timeout`.
  /// Result  false: too many wait for this shard; the waiter was not taken.
  bool add(std::shared_ptr<Waiter> waiter, const std::shared_ptr<log::ShardView>& view, log::Offset from,
           Milliseconds timeout);

 private:
  using Waiters = std::list<std::shared_ptr<Waiter>>;
  /// What stands in the view for everybody who waits for it here.
  struct Bell {
    std::shared_ptr<log::ShardView> view;
    std::uint64_t number = 0;  ///< of the view's waiter; 0: none
    log::Offset lowest;
    Waiters waiters;
  };

  bool hang(Bell& bell, log::Offset from, const boost::asio::any_io_executor& executor);
  void ring(log::ShardView* view, const boost::asio::any_io_executor& executor);
  void answer();
  void answer(log::ShardView* view);
  void give_up(const std::shared_ptr<Waiter>& waiter);
  void shutdown() override;

  std::unordered_map<log::ShardView*, Bell> bells_;

  std::mutex mutex_;
  std::vector<log::ShardView*> rung_;
};

}  // namespace forebay::gateway::stream
