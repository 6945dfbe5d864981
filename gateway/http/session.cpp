// The one translation unit that instantiates the HTTP/1.1 session, for plain and for TLS connections.
#include "gateway/http/session.h"

#include <boost/asio/co_spawn.hpp>

#include "gateway/http/http1_session.h"
#include "gateway/http/plain_transport.h"
#include "gateway/http/tls_transport.h"

namespace forebay::gateway::http {

namespace {
template <class Transport>
void start(EventLoop& loop, Transport transport, RequestHandler& handler, bool drains) {
  auto session = std::make_unique<Http1Session<Transport>>(loop, std::move(transport), handler);
  session->drains = drains;
  boost::asio::co_spawn(loop.context(), Http1Session<Transport>::run(std::move(session)),
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
