#include "gateway/http/listener.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <charconv>

#include "gateway/http/session.h"
#include "gateway/http/use_tuple.h"

namespace forebay::gateway::http {
using boost::asio::ip::tcp;

bool ListenAddress::is_loopback() const {
  if (host == "localhost") return true;
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  return !error && address.is_loopback();
}

Result<ListenAddress> parse_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return Error{Errc::invalid_argument,
                 "\"" + std::string(text) + "\" has no port; write HOST:PORT, for example 127.0.0.1:4567"};
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  unsigned port = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (fault != std::errc() || end != digits.data() + digits.size() || port > 65535)
    return Error{Errc::invalid_argument, "\"" + std::string(digits) + "\" is no port; use 0 to 65535"};
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  boost::system::error_code error;
  if (host != "localhost") (void)boost::asio::ip::make_address(std::string(host), error);
  if (host.empty() || error)
    return Error{
        Errc::invalid_argument,
        "\"" + std::string(host) + "\" is no address of this machine; use an IP address such as 127.0.0.1 or 0.0.0.0"};
  ListenAddress address;
  address.host = host;
  address.port = static_cast<std::uint16_t>(port);
  return address;
}

Listener::Listener(std::vector<EventLoop*> loops, boost::asio::ssl::context* tls, const HandlerFactory& factory,
                   Options options)
    : loops_(std::move(loops)), tls_(tls), options_(options), acceptor_(loops_.front()->context()) {
  for (EventLoop* loop : loops_) handlers_.push_back(factory(*loop));
}

Result<void> Listener::open(const ListenAddress& address) {
  const std::string host = address.host == "localhost" ? "127.0.0.1" : address.host;
  boost::system::error_code error;
  const tcp::endpoint endpoint(boost::asio::ip::make_address(host, error), address.port);
  if (!error) acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(1024, error);
  if (!error) bound_ = acceptor_.local_endpoint(error);
  if (error) {
    const bool in_use = error == boost::asio::error::address_in_use;
    const bool denied = error == boost::asio::error::access_denied;
    const Errc code = in_use ? Errc::conflict : denied ? Errc::permission : Errc::invalid_argument;
    return Error{code, "cannot listen on " + address.host + ":" + std::to_string(address.port) + ": " +
                           error.message() +
                           (in_use ? "; another program uses this port: stop it or choose another one" : "")};
  }
  boost::asio::co_spawn(loops_.front()->context(), accept_loop(), [this](std::exception_ptr fault) {
    if (fault) loops_.front()->logger().error("the listener ended in an internal error");
  });
  return {};
}

void Listener::close() {
  boost::asio::post(loops_.front()->context(), [this] {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
  });
}

std::string Listener::address() const {
  const std::string host = bound_.address().to_string();
  return (bound_.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(bound_.port());
}

std::uint16_t Listener::port() const { return bound_.port(); }

Task<void> Listener::accept_loop() {
  while (acceptor_.is_open()) {
    EventLoop& loop = least_loaded();
    auto [error, socket] = co_await acceptor_.async_accept(loop.context(), kUseTuple);
    if (!acceptor_.is_open()) break;
    if (error) {
      loop.logger().warning("a connection was not accepted", {{"error", error.message()}});
      boost::asio::steady_timer pause(loops_.front()->context(), Milliseconds(100));
      (void)co_await pause.async_wait(kUseTuple);
      continue;
    }
    if (connections() >= options_.connections_max) {
      loop.metrics().refused.add();
      continue;
    }
    hand_over(loop, std::move(socket));
  }
}

void Listener::hand_over(EventLoop& loop, tcp::socket socket) {
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  loop.count_connection(1);
  if (options_.drains) {
    loop.metrics().accepted.add();
    loop.metrics().connections.add(1);
  }
  boost::asio::post(loop.context(), [this, &loop, held = std::move(socket)]() mutable {
    RequestHandler& handler = *handlers_[static_cast<std::size_t>(loop.number())];
    if (tls_)
      start_tls_session(loop, std::move(held), *tls_, handler, options_.drains);
    else
      start_session(loop, std::move(held), handler, options_.drains);
  });
}

EventLoop& Listener::least_loaded() const {
  EventLoop* best = loops_.front();
  for (EventLoop* loop : loops_)
    if (loop->connections() < best->connections()) best = loop;
  return *best;
}

std::size_t Listener::connections() const {
  std::size_t count = 0;
  for (const EventLoop* loop : loops_) count += loop->connections();
  return count;
}

}  // namespace forebay::gateway::http
