#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <memory>
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
  Task<void> shut_down() {
    end_of_writing();
    co_return;
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

/// A TLS connection as a session uses it.
class TlsTransport {
 public:
  TlsTransport(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& tls)
      : stream_(std::make_unique<Stream>(std::move(socket), tls)) {}

  Task<bool> handshake() {
    auto [error] = co_await stream_->async_handshake(boost::asio::ssl::stream_base::server, kUseTuple);
    co_return !error;
  }
  auto read_some(boost::asio::mutable_buffer space) { return stream_->async_read_some(space, kUseTuple); }
  auto write(const TwoBuffers& parts) { return boost::asio::async_write(*stream_, parts, kUseTuple); }
  void end_of_writing() {}
  Task<void> shut_down() {
    if (stream_->lowest_layer().is_open()) (void)co_await stream_->async_shutdown(kUseTuple);
  }
  void close() {
    boost::system::error_code ignored;
    stream_->lowest_layer().close(ignored);
  }
  [[nodiscard]] bool is_open() const { return stream_->lowest_layer().is_open(); }
  [[nodiscard]] std::string peer() const { return peer_address(stream_->next_layer()); }

 private:
  using Stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;
  std::unique_ptr<Stream> stream_;
};

}  // namespace forebay::gateway::http
