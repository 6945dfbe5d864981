#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <string>

#include "base/task.h"
#include "gateway/http/use_tuple.h"

namespace forebay::gateway::http {

using TwoBuffers = std::array<boost::asio::const_buffer, 2>;

inline std::string peer_address(const boost::asio::ip::tcp::socket& socket) {
  boost::system::error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  return error ? std::string("unknown") : endpoint.address().to_string();
}

/// A TCP connection as a session uses it.
class PlainTransport {
 public:
  explicit PlainTransport(boost::asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  Task<bool> handshake() { co_return true; }
  auto read_some(boost::asio::mutable_buffer space) { return socket_.async_read_some(space, kUseTuple); }
  auto write(const TwoBuffers& parts) { return boost::asio::async_write(socket_, parts, kUseTuple); }
  /// Tells the far end that nothing more will come.
  void end_of_writing() {
    boost::system::error_code ignored;
    socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
  }
  void close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }
  [[nodiscard]] bool is_open() const { return socket_.is_open(); }
  [[nodiscard]] std::string peer() const { return peer_address(socket_); }

 private:
  boost::asio::ip::tcp::socket socket_;
};

}  // namespace forebay::gateway::http
