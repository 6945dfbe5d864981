#include "sys/systemd_notify.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace forebay {
namespace {

constexpr int kFirstListenFd = 3;
constexpr std::int64_t kListenFdsMax = 64;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

std::optional<std::int64_t> number(const char* name) {
  const std::string text = variable(name);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool meant_for_us(const char* pid_name) { return number(pid_name) == static_cast<std::int64_t>(::getpid()); }

/// Empty when the path does not fit.
std::string address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return {};
  std::memcpy(address.sun_path, path.data(), path.size());
  const bool abstract = path[0] == '@';
  if (abstract) address.sun_path[0] = '\0';
  const std::size_t size = offsetof(sockaddr_un, sun_path) + path.size() + (abstract ? 0 : 1);
  return std::string(reinterpret_cast<const char*>(&address), size);
}

/// A line break would start another field.
std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line)
    if (c == '\n') c = ' ';
  return line;
}

}  // namespace

SystemdEnvironment SystemdEnvironment::of_this_process() {
  SystemdEnvironment environment;
  environment.notify_socket = variable("NOTIFY_SOCKET");
  const auto watchdog_us = number("WATCHDOG_USEC");
  if (watchdog_us && *watchdog_us > 0 && (variable("WATCHDOG_PID").empty() || meant_for_us("WATCHDOG_PID")))
    environment.watchdog = Milliseconds(*watchdog_us / 1000);
  const auto fds = number("LISTEN_FDS");
  if (fds && *fds > 0 && *fds <= kListenFdsMax && meant_for_us("LISTEN_PID"))
    environment.listen_fds = static_cast<int>(*fds);
  return environment;
}

SystemdNotify::SystemdNotify(const SystemdEnvironment& environment) {
  const std::string& path = environment.notify_socket;
  if (path.size() < 2 || (path[0] != '/' && path[0] != '@')) return;
  address_ = address_of(path);
  if (!address_.empty()) fd_ = UniqueFd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

void SystemdNotify::ready(std::string_view status) const { send("READY=1\nSTATUS=" + one_line(status)); }

void SystemdNotify::status(std::string_view text) const { send("STATUS=" + one_line(text)); }

void SystemdNotify::watchdog() const { send("WATCHDOG=1"); }

void SystemdNotify::stopping() const { send("STOPPING=1"); }

void SystemdNotify::reloading(SteadyTime now) const {
  send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now.time_since_epoch().count() / 1000));
}

void SystemdNotify::send(const std::string& message) const {
  if (!fd_.is_open()) return;
  (void)::sendto(fd_.get(), message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                 reinterpret_cast<const sockaddr*>(address_.data()), static_cast<socklen_t>(address_.size()));
}

std::vector<UniqueFd> take_listen_fds(const SystemdEnvironment& environment) {
  std::vector<UniqueFd> all;
  for (int i = 0; i < environment.listen_fds; ++i) {
    const int fd = kFirstListenFd + i;
    if (::fcntl(fd, F_SETFD, FD_CLOEXEC) == 0) all.emplace_back(fd);
  }
  return all;
}

}  // namespace forebay
