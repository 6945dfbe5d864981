#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "gateway/http/event_loop.h"
#include "gateway/http/handler.h"

namespace forebay::gateway::http {

/// "127.0.0.1:4567", "[::1]:4567", "localhost:4567" or "0.0.0.0:4567" taken apart.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
  /// True when only this machine can connect.
  [[nodiscard]] bool is_loopback() const;
};
/// Errors  invalid_argument, naming what is wrong.
Result<ListenAddress> parse_listen_address(std::string_view text);

/// Accepts connections on one address: the first loop accepts and hands each socket to the loop that has the fewest.
/// Threads  open() and close() by the owner; the rest runs on the loops.
class Listener {
 public:
  using HandlerFactory = std::function<std::unique_ptr<RequestHandler>(EventLoop&)>;

  struct Options {
    std::size_t connections_max = 0;
    bool drains = true;  ///< its sessions end when the loops drain
  };

  /// `tls` may be null: plain connections. Owner  loops and tls outlive the listener and its sessions.
  Listener(std::vector<EventLoop*> loops, boost::asio::ssl::context* tls, const HandlerFactory& factory,
           Options options);

  /// Binds and begins to accept. Port 0 takes a free one.
  /// Errors  conflict: the address is in use; invalid_argument: no such address; permission.
  Result<void> open(const ListenAddress& address);
  /// Stops accepting; sessions go on.
  void close();
  /// The address bound, as "127.0.0.1:4567".
  [[nodiscard]] std::string address() const;
  [[nodiscard]] std::uint16_t port() const;

 private:
  Task<void> accept_loop();
  void hand_over(EventLoop& loop, boost::asio::ip::tcp::socket socket);
  EventLoop& least_loaded() const;
  [[nodiscard]] std::size_t connections() const;

  std::vector<EventLoop*> loops_;
  boost::asio::ssl::context* tls_;
  Options options_;
  std::vector<std::unique_ptr<RequestHandler>> handlers_;  ///< one per loop, by position
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::ip::tcp::endpoint bound_;
};

}  // namespace forebay::gateway::http
