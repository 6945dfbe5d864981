// The one translation unit that instantiates the sessions, for plain and for TLS connections.
#include "gateway/http/session.h"

#include <boost/asio/co_spawn.hpp>

#include "gateway/http/http1_session.h"
#include "gateway/http/http2_session.h"
#include "gateway/http/plain_transport.h"
#include "gateway/http/tls_transport.h"

namespace forebay::gateway::http {

namespace {
/// Every connection begins as HTTP/1.1: HTTP/2 shows itself by ALPN or by its first bytes.
template <class Transport>
Task<void> serve(EventLoop& loop, std::unique_ptr<Http1Session<Transport>> first, RequestHandler& handler) {
  const bool speaks_http2 = co_await first->run();
  if (!speaks_http2) co_return;
  auto connection = first->hand_over();
  auto second = std::make_shared<Http2Session<Transport>>(loop, std::move(connection.transport), handler);
  first->replace_by(*second);
  first.reset();
  co_await Http2Session<Transport>::run(std::move(second), std::move(connection.input));
}

template <class Transport>
void start(EventLoop& loop, Transport transport, RequestHandler& handler, bool drains) {
  auto session = std::make_unique<Http1Session<Transport>>(loop, std::move(transport), handler);
  session->drains = drains;
  boost::asio::co_spawn(loop.context(), serve<Transport>(loop, std::move(session), handler),
                        [&loop](std::exception_ptr fault) {
                          if (!fault) return;
                          loop.metrics().handler_faults.add();
                          loop.logger().error("a session ended in an internal error");
                        });
}
}  // namespace

void start_session(EventLoop& loop, boost::asio::ip::tcp::socket socket, RequestHandler& handler, bool drains) {
  start(loop, PlainTransport(std::move(socket)), handler, drains);
}

void start_tls_session(EventLoop& loop, boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& tls,
                       RequestHandler& handler, bool drains) {
  start(loop, TlsTransport(std::move(socket), tls), handler, drains);
}

}  // namespace forebay::gateway::http
