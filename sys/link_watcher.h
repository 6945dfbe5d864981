#pragma once

#include <memory>

#include "base/result.h"
#include "sys/unique_fd.h"

namespace forebay {

/// Hears from the kernel (rtnetlink) that an interface came up, an address was added or a route appeared, so that a
/// waiting retry need not wait for its time. Costs nothing while the network is quiet.
/// Owner    an event loop that waits for fd() to be readable and then calls read_events().
class LinkWatcher {
 public:
  /// Errors  io, permission: this system does not tell; retries then rely on their back-off alone.
  static Result<std::unique_ptr<LinkWatcher>> open();

  [[nodiscard]] int fd() const { return socket_.get(); }
  /// Reads what is there. True: something came up.
  bool read_events();

 private:
  explicit LinkWatcher(UniqueFd socket) : socket_(std::move(socket)) {}

  UniqueFd socket_;
};

}  // namespace forebay
