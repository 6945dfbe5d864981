#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "base/result.h"

namespace forebay::agent {

/// Where the agent with this spool answers: beside the spool, "<spool>.sock".
std::string status_socket_path(const std::string& spool_path);

/// Answers every connection to a Unix socket with one text and closes it. Bounded: eight connections at once, five
/// seconds each; the socket is for its owner only (0600).
/// Threads  the event loop's.
class StatusSocket {
 public:
  virtual ~StatusSocket() = default;
  /// Errors  invalid_argument: the path is too long for a socket; io, permission.
  static Result<std::unique_ptr<StatusSocket>> open(boost::asio::io_context& loop, const std::string& path,
                                                    std::function<std::string()> text);
};

/// Connects and reads the text. Errors  unavailable: nobody answers there: the agent does not run.
Result<std::string> read_status_socket(const std::string& path);

}  // namespace forebay::agent
