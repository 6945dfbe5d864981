#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>
#include <tuple>

#include "base/task.h"
#include "gateway/http/plain_transport.h"

struct ssl_st;

namespace forebay::gateway::http {

/// A TLS connection as a session uses it: OpenSSL on the socket itself, waiting by the event loop. (asio's own stream
/// keeps four record buffers per connection, 68 KiB; this keeps none while the connection rests.)
/// SIGPIPE must be ignored by the process.
class TlsTransport {
 public:
  using Outcome = std::tuple<boost::system::error_code, std::size_t>;

  TlsTransport(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& tls);

  Task<bool> handshake();
  [[nodiscard]] bool speaks_http2() const;
  Task<Outcome> read_some(boost::asio::mutable_buffer space);
  Task<Outcome> write(TwoBuffers parts);
  template <class Callback>
  void when_readable(Callback callback) {
    socket_.async_wait(boost::asio::ip::tcp::socket::wait_read, std::move(callback));
  }
  using Peek = PlainTransport::Peek;
  Peek peek();
  /// Sends close_notify, as far as the socket takes it at once.
  void end_of_writing();
  void close();
  [[nodiscard]] bool is_open() const { return socket_.is_open(); }
  [[nodiscard]] std::string peer() const { return peer_address(socket_); }

 private:
  struct FreeSsl {
    void operator()(ssl_st* ssl) const;
  };

  /// Waits until the call that returned `result` can be repeated. Result  the error that ends the connection, if any.
  Task<boost::system::error_code> wait_for(int result);

  boost::asio::ip::tcp::socket socket_;
  std::unique_ptr<ssl_st, FreeSsl> ssl_;
  bool usable_ = true;  ///< no fatal error yet: close_notify may be sent
};

}  // namespace forebay::gateway::http
