#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "base/units.h"
#include "gateway/http/event_loop.h"
#include "gateway/http/handler.h"

namespace forebay::gateway::http {

/// One connection, as its loop's sweep sees it. Threads  loop thread.
class Session {
 public:
  enum class Phase : std::uint8_t { handshake, idle, head, body, handling, writing, streaming, closing };

  virtual ~Session() = default;
  /// Closes the socket; the session's coroutine then ends.
  virtual void cut() = 0;
  /// `deadline` has passed. Result  true when something was cut; the session sets its next deadline.
  virtual bool expire(SteadyTime) {
    deadline = SteadyTime::max();
    cut();
    return true;
  }
  /// Request bodies used up their memory and this session's are the slowest: gives one of them up.
  virtual void evict() { cut(); }
  /// Ends the session: at once when idle, else after the running answer.
  virtual void drain() = 0;

  Phase phase = Phase::handshake;
  SteadyTime deadline = SteadyTime::max();
  /// While phase is body: when it began, how much has come, and whether memory is what it waits for.
  SteadyTime body_started{};
  std::size_t body_received = 0;
  bool waits_for_memory = false;
  /// False for sessions that must outlive a drain (admin port).
  bool drains = true;
};

/// Starts a session on the loop, which the caller runs on. The session owns itself and ends with its connection.
void start_session(EventLoop& loop, boost::asio::ip::tcp::socket socket, RequestHandler& handler, bool drains);
void start_tls_session(EventLoop& loop, boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& tls,
                       RequestHandler& handler, bool drains);

}  // namespace forebay::gateway::http
