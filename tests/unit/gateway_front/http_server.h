#pragma once

#include <memory>
#include <vector>

#include "gateway/http/listener.h"
#include "sys/system_clock.h"
#include "sys/system_entropy.h"
#include "tests/support/log_capture.h"

namespace forebay::gateway::test {

/// Loops and a listener on a free loopback port, with handlers made by the test.
class HttpServer {
 public:
  explicit HttpServer(const http::Listener::HandlerFactory& factory, http::HttpOptions options = {},
                      std::size_t body_memory = 64u << 20, std::size_t loops = 2)
      : options(options), budget(body_memory, metrics.body_memory) {
    std::vector<http::EventLoop*> pointers;
    for (std::size_t i = 0; i < loops; ++i) {
      loops_.push_back(std::make_unique<http::EventLoop>(
          http::LoopServices{clock, entropy, budget, metrics, this->options, Logger(log, "http")},
          static_cast<int>(i)));
      pointers.push_back(loops_.back().get());
    }
    listener = std::make_unique<http::Listener>(pointers, nullptr, factory,
                                                http::Listener::Options{options.connections_max, true});
    FB_ASSERT(listener->open({"127.0.0.1", 0}).ok());
    for (auto& loop : loops_) loop->start();
  }
  ~HttpServer() {
    for (auto& loop : loops_) loop->stop();
    listener.reset();
  }

  void drain() {
    listener->close();
    for (auto& loop : loops_) loop->drain();
  }
  [[nodiscard]] std::uint16_t port() const { return listener->port(); }

  SystemClock clock;
  SystemEntropy entropy;
  forebay::test::LogCapture log;
  MetricsRegistry registry;
  http::HttpMetrics metrics{registry};
  http::HttpOptions options;
  http::BodyBudget budget;
  std::unique_ptr<http::Listener> listener;

 private:
  std::vector<std::unique_ptr<http::EventLoop>> loops_;
};

}  // namespace forebay::gateway::test
