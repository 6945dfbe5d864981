#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace forebay::test {

/// A tiny HTTP/1.1 server on a free loopback port: one connection after the other, one request after the other on each.
/// It trusts its client. The handler gets head and body as received and returns the bytes of the answer; an empty
/// answer closes the connection.
class LoopbackServer {
 public:
  struct Request {
    std::string head;  ///< up to and with the empty line
    std::string body;
  };
  using Handler = std::function<std::string(const Request&)>;

  explicit LoopbackServer(Handler handler);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  [[nodiscard]] int connections() const { return connections_; }
  [[nodiscard]] std::vector<Request> requests() const;

  /// From now on rests so long before each 16 KiB it reads: a thin link.
  void read_slowly(std::chrono::milliseconds rest) { rest_ = rest; }

  /// "HTTP/1.1 200 OK" with a length.
  static std::string answer(int status, const std::string& body, const std::string& headers = "");

 private:
  void serve();
  void serve_connection(int fd);
  bool fill(int fd, std::string& have, std::size_t size);

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_{0};
  std::atomic<int> current_{-1};
  std::atomic<bool> stopping_{false};
  std::atomic<std::chrono::milliseconds> rest_{};
  mutable std::mutex mutex_;
  std::vector<Request> requests_;
  std::thread thread_;
};

}  // namespace forebay::test
