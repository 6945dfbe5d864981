// Messages as systemd receives them, on path and abstract sockets; variables meant for another process.
#include "sys/systemd_notify.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>

#include "tests/support/temp_directory.h"

namespace forebay {
namespace {

class Receiver {
 public:
  explicit Receiver(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    if (path[0] == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    EXPECT_EQ(::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  }
  std::string next() const {
    char text[512];
    const ssize_t size = ::recv(fd_.get(), text, sizeof(text), MSG_DONTWAIT);
    return size < 0 ? "" : std::string(text, static_cast<std::size_t>(size));
  }

 private:
  UniqueFd fd_;
};

void check_messages(const std::string& path) {
  const Receiver receiver(path);
  SystemdEnvironment environment;
  environment.notify_socket = path;
  const SystemdNotify notify(environment);
  EXPECT_TRUE(notify.active());
  notify.ready("2 sources\nREADY=0");
  EXPECT_EQ(receiver.next(), "READY=1\nSTATUS=2 sources READY=0");
  notify.status("up");
  notify.watchdog();
  notify.stopping();
  notify.reloading(SteadyTime(std::chrono::seconds(3)));
  EXPECT_EQ(receiver.next(), "STATUS=up");
  EXPECT_EQ(receiver.next(), "WATCHDOG=1");
  EXPECT_EQ(receiver.next(), "STOPPING=1");
  EXPECT_EQ(receiver.next(), "RELOADING=1\nMONOTONIC_USEC=3000000");
}

TEST(SystemdNotify, ReachesAPathSocket) {
  const test::TempDirectory directory;
  check_messages(directory.file("notify"));
}

TEST(SystemdNotify, ReachesAnAbstractSocket) { check_messages("@forebay-test-" + std::to_string(::getpid())); }

TEST(SystemdNotify, WithoutASocketOrWithAGoneOneNothingHappens) {
  const SystemdNotify none{SystemdEnvironment{}};
  EXPECT_FALSE(none.active());
  none.ready("x");
  SystemdEnvironment environment;
  environment.notify_socket = "/nonexistent/socket";
  SystemdNotify(environment).ready("x");
  environment.notify_socket = "/" + std::string(200, 'x');
  EXPECT_FALSE(SystemdNotify(environment).active());
}

TEST(SystemdEnvironment, BelievesOnlyWhatIsMeantForThisProcess) {
  const std::string us = std::to_string(::getpid());
  ::setenv("NOTIFY_SOCKET", "/run/x", 1);
  ::setenv("WATCHDOG_USEC", "30000000", 1);
  ::setenv("WATCHDOG_PID", us.c_str(), 1);
  ::setenv("LISTEN_FDS", "2", 1);
  ::setenv("LISTEN_PID", us.c_str(), 1);
  SystemdEnvironment environment = SystemdEnvironment::of_this_process();
  EXPECT_EQ(environment.notify_socket, "/run/x");
  EXPECT_EQ(environment.watchdog, Milliseconds(30'000));
  EXPECT_EQ(environment.listen_fds, 2);
  ::setenv("WATCHDOG_PID", "1", 1);
  ::setenv("LISTEN_PID", "1", 1);
  environment = SystemdEnvironment::of_this_process();
  EXPECT_FALSE(environment.watchdog.has_value());
  EXPECT_EQ(environment.listen_fds, 0);
  for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID"})
    ::unsetenv(name);
}

}  // namespace
}  // namespace forebay
