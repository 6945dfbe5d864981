#pragma once

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "base/assert.h"
#include "gateway/http/event_loop.h"
#include "gateway/http/handler.h"
#include "gateway/http/use_tuple.h"

namespace forebay::gateway::test {

/// What streamed answers did, counted across loops.
struct StreamCounts {
  std::atomic<int> asked{0};      ///< calls of next()
  std::atomic<int> cancelled{0};  ///< calls of cancel()
  std::atomic<int> destroyed{0};

  /// Waits until `count` has reached `wanted`, at most ten seconds.
  static bool reaches(const std::atomic<int>& count, int wanted) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (count.load() < wanted && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    return count.load() >= wanted;
  }
};

/// Sends `pieces` pieces of `size` bytes ("0000", "1111", ...) and then ends, or waits for cancel() when it is endless.
class CountedStream final : public http::BodyStream {
 public:
  CountedStream(http::EventLoop& loop, StreamCounts& counts, int pieces, std::size_t size, bool endless)
      : counts_(counts), timer_(loop.context()), pieces_(pieces), size_(size), endless_(endless) {}
  ~CountedStream() override { ++counts_.destroyed; }

  Task<std::optional<Buffer>> next() override {
    ++counts_.asked;
    if (sent_ == pieces_ && endless_) {
      timer_.expires_after(std::chrono::seconds(5));
      (void)co_await timer_.async_wait(http::kUseTuple);
    }
    if (sent_ == pieces_) co_return std::nullopt;
    Buffer piece(size_, static_cast<std::uint8_t>('0' + sent_ % 10));
    ++sent_;
    co_return piece;
  }
  void cancel() override {
    ++counts_.cancelled;
    timer_.cancel();
  }

 private:
  StreamCounts& counts_;
  boost::asio::steady_timer timer_;
  int pieces_;
  std::size_t size_;
  bool endless_;
  int sent_ = 0;
};

/// Answers with streams: /three, /endless (one piece, then waits), /large (1,000 pieces of 64 KiB).
class StreamHandler final : public http::RequestHandler {
 public:
  StreamHandler(http::EventLoop& loop, StreamCounts& counts) : loop_(loop), counts_(counts) {}

  std::optional<http::Response> admit(http::Request&) override { return std::nullopt; }
  Task<http::Response> handle(http::Request& request) override {
    http::Response response;
    response.content_type = "application/vnd.amazon.eventstream";
    if (request.path == "/three")
      response.stream = std::make_unique<CountedStream>(loop_, counts_, 3, 4, false);
    else if (request.path == "/endless")
      response.stream = std::make_unique<CountedStream>(loop_, counts_, 1, 4, true);
    else if (request.path == "/large")
      response.stream = std::make_unique<CountedStream>(loop_, counts_, 1000, 64 * 1024, false);
    else
      response = http::text_response(200, "text/plain", "plain");
    co_return response;
  }

 private:
  http::EventLoop& loop_;
  StreamCounts& counts_;
};

}  // namespace forebay::gateway::test
