#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "sys/unique_fd.h"

namespace forebay {

/// What systemd put into the environment of a service.
struct SystemdEnvironment {
  std::string notify_socket = {};  ///< path, or "@name" for an abstract one; empty: not started by systemd
  std::optional<Milliseconds> watchdog = {};  ///< feed it more often than this
  int listen_fds = 0;                         ///< sockets handed over, from descriptor 3 on

  /// From NOTIFY_SOCKET, WATCHDOG_USEC with WATCHDOG_PID, LISTEN_FDS with LISTEN_PID; values meant for another process
  /// are ignored.
  static SystemdEnvironment of_this_process();
};

/// Tells systemd about this service (sd_notify(3)). Without a notify socket every call does nothing. Messages are
/// datagrams: they never block and a lost one is not an error.
/// Threads  any.
class SystemdNotify {
 public:
  explicit SystemdNotify(const SystemdEnvironment& environment);

  [[nodiscard]] bool active() const { return fd_.is_open(); }
  void ready(std::string_view status) const;
  /// One line for `systemctl status`.
  void status(std::string_view text) const;
  void watchdog() const;
  void stopping() const;
  /// A reload began; ready() ends it.
  void reloading(SteadyTime now) const;

 private:
  void send(const std::string& message) const;

  UniqueFd fd_;
  std::string address_;  ///< a sockaddr_un, as bytes
};

/// Takes over the sockets handed over by systemd, closed on exec. Call once.
std::vector<UniqueFd> take_listen_fds(const SystemdEnvironment& environment);

}  // namespace forebay
