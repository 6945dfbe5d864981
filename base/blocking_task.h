#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

#include "base/blocking_pool.h"
#include "base/task.h"

namespace forebay {

/// Runs `call`, which returns a Result, in the pool and comes back to the coroutine's own executor with what it
/// returned. Errors  also those of BlockingPool::submit(). On a line with co_await name the call first:
///   auto load = [path] { return load_table(path); };
///   auto table = co_await run_blocking(pool, std::move(load));
/// Owner  the executor must run until the call has ended, even when the coroutine is not resumed.
template <class F>
Task<decltype(std::declval<F&>()())> run_blocking(BlockingPool& pool, F call) {
  using Outcome = decltype(std::declval<F&>()());
  auto executor = co_await boost::asio::this_coro::executor;
  auto start = [&pool, &call, executor](auto handler) {
    auto work = boost::asio::prefer(executor, boost::asio::execution::outstanding_work.tracked);
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    auto finish = [shared, executor](Outcome outcome) {
      boost::asio::post(executor, [shared, outcome = std::move(outcome)]() mutable { (*shared)(std::move(outcome)); });
    };
    auto job = [finish, work, call = std::move(call)]() mutable { finish(call()); };
    const Result<void> taken = pool.submit(std::move(job));
    if (!taken) finish(taken.error());
  };
  auto token = boost::asio::use_awaitable;
  co_return co_await boost::asio::async_initiate<decltype(token), void(Outcome)>(std::move(start), token);
}

}  // namespace forebay
