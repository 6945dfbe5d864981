#pragma once

#include <memory>
#include <utility>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/task.h"

namespace forebay::gateway::stream {

/// The rest of a suspended coroutine. Call it once; it keeps the event loop from running out of work until then.
class Resume {
 public:
  Resume() = default;
  template <class Handler>
  explicit Resume(std::in_place_t, Handler handler) : rest_(std::make_unique<Held<Handler>>(std::move(handler))) {}

  /// Goes on at the coroutine's own executor. Threads  any.
  void operator()() { std::exchange(rest_, nullptr)->post(); }
  /// Goes on at once. Threads  the coroutine's event loop.
  void here() { std::exchange(rest_, nullptr)->dispatch(); }

 private:
  struct Rest {
    virtual ~Rest() = default;
    virtual void post() = 0;
    virtual void dispatch() = 0;
  };
  template <class Handler>
  struct Held final : Rest {
    explicit Held(Handler h)
        : handler(std::move(h)),
          work(boost::asio::prefer(boost::asio::get_associated_executor(handler),
                                   boost::asio::execution::outstanding_work.tracked)) {}
    void post() override { boost::asio::post(std::move(handler)); }
    void dispatch() override { boost::asio::dispatch(std::move(handler)); }

    Handler handler;
    decltype(boost::asio::prefer(boost::asio::get_associated_executor(std::declval<Handler&>()),
                                 boost::asio::execution::outstanding_work.tracked)) work;
  };
  std::unique_ptr<Rest> rest_;
};

/// Suspends and gives `start` the rest of the coroutine. `start` is a named object of the caller:
///   auto start = [&](Resume resume) { ... };
///   co_await suspend(start);
template <class Start>
Task<void> suspend(Start& start) {
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
      [](auto handler, Start* begin) { (*begin)(Resume(std::in_place, std::move(handler))); },
      boost::asio::use_awaitable, &start);
}

}  // namespace forebay::gateway::stream
