#include "gateway/http/tls_transport.h"

#include <boost/asio/error.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>

namespace forebay::gateway::http {
using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {
constexpr std::size_t kWriteBytesMax = 1u << 20;  ///< per call: keeps the length within an int

void set_up(SSL* ssl, tcp::socket& socket) {
  SSL_set_fd(ssl, static_cast<int>(socket.native_handle()));
  SSL_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_set_accept_state(ssl);
}
}  // namespace

void TlsTransport::FreeSsl::operator()(ssl_st* ssl) const { SSL_free(ssl); }

TlsTransport::TlsTransport(tcp::socket socket, boost::asio::ssl::context& tls)
    : socket_(std::move(socket)), ssl_(SSL_new(tls.native_handle())) {
  error_code ignored;
  socket_.native_non_blocking(true, ignored);
  if (ssl_) set_up(ssl_.get(), socket_);
}

Task<error_code> TlsTransport::wait_for(int result) {
  const int reason = SSL_get_error(ssl_.get(), result);
  error_code failure = boost::asio::error::connection_reset;
  if (reason == SSL_ERROR_ZERO_RETURN) failure = boost::asio::error::eof;
  if (reason != SSL_ERROR_WANT_READ && reason != SSL_ERROR_WANT_WRITE) {
    usable_ = reason == SSL_ERROR_ZERO_RETURN;
    co_return failure;
  }
  const auto direction = reason == SSL_ERROR_WANT_READ ? tcp::socket::wait_read : tcp::socket::wait_write;
  auto [error] = co_await socket_.async_wait(direction, kUseTuple);
  // A cut closes the descriptor, which may belong to another connection by now.
  if (!error && !socket_.is_open()) co_return boost::asio::error::operation_aborted;
  co_return error;
}

Task<bool> TlsTransport::handshake() {
  while (ssl_ && socket_.is_open()) {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) co_return true;
    const error_code error = co_await wait_for(result);
    if (error) break;
  }
  usable_ = false;
  co_return false;
}

bool TlsTransport::speaks_http2() const {
  const unsigned char* name = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return std::string_view(reinterpret_cast<const char*>(name), size) == "h2";
}

Task<TlsTransport::Outcome> TlsTransport::read_some(boost::asio::mutable_buffer space) {
  const int size = static_cast<int>(std::min<std::size_t>(space.size(), kWriteBytesMax));
  while (socket_.is_open()) {
    ERR_clear_error();
    const int result = SSL_read(ssl_.get(), space.data(), size);
    if (result > 0) co_return Outcome(error_code(), static_cast<std::size_t>(result));
    const error_code error = co_await wait_for(result);
    if (error) co_return Outcome(error, 0);
  }
  co_return Outcome(boost::asio::error::operation_aborted, 0);
}

Task<TlsTransport::Outcome> TlsTransport::write(TwoBuffers parts) {
  std::size_t written = 0;
  for (boost::asio::const_buffer part : parts) {
    while (part.size() > 0) {
      if (!socket_.is_open()) co_return Outcome(boost::asio::error::operation_aborted, written);
      ERR_clear_error();
      const int size = static_cast<int>(std::min<std::size_t>(part.size(), kWriteBytesMax));
      const int result = SSL_write(ssl_.get(), part.data(), size);
      if (result > 0) {
        part += static_cast<std::size_t>(result);
        written += static_cast<std::size_t>(result);
        continue;
      }
      const error_code error = co_await wait_for(result);
      if (error) co_return Outcome(error, written);
    }
  }
  co_return Outcome(error_code(), written);
}

TlsTransport::Peek TlsTransport::peek() {
  if (!socket_.is_open()) return Peek::closed;
  ERR_clear_error();
  std::uint8_t byte = 0;
  const int result = SSL_peek(ssl_.get(), &byte, 1);
  if (result > 0) return Peek::bytes;
  const int reason = SSL_get_error(ssl_.get(), result);
  if (reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE) return Peek::nothing;
  usable_ = usable_ && reason == SSL_ERROR_ZERO_RETURN;
  return Peek::closed;
}

void TlsTransport::end_of_writing() {
  if (!usable_ || !socket_.is_open()) return;
  ERR_clear_error();
  usable_ = false;
  (void)SSL_shutdown(ssl_.get());
}

void TlsTransport::close() {
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace forebay::gateway::http
