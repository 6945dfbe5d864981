#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
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
  /// True when the handshake agreed on HTTP/2.
  [[nodiscard]] bool speaks_http2() const { return false; }
  auto read_some(boost::asio::mutable_buffer space) { return socket_.async_read_some(space, kUseTuple); }
  auto write(const TwoBuffers& parts) { return boost::asio::async_write(socket_, parts, kUseTuple); }
  /// Calls back with the error code once there is something to read, or the connection ended.
  template <class Callback>
  void when_readable(Callback callback) {
    socket_.async_wait(boost::asio::ip::tcp::socket::wait_read, std::move(callback));
  }
  enum class Peek : std::uint8_t { nothing, bytes, closed };
  /// Looks without waiting, and without taking anything.
  Peek peek() {
    boost::system::error_code error;
    socket_.non_blocking(true, error);
    std::uint8_t byte = 0;
    (void)socket_.receive(boost::asio::buffer(&byte, 1), boost::asio::socket_base::message_peek, error);
    if (error == boost::asio::error::would_block) return Peek::nothing;
    return error ? Peek::closed : Peek::bytes;
  }
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
